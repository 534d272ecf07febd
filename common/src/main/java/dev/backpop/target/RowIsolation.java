package dev.backpop.target;

import dev.backpop.postgres.BinaryCopy;
import dev.backpop.postgres.SqlFailure;
import dev.backpop.postgres.SqlNames;
import dev.backpop.row.Row;
import dev.backpop.row.RowShape;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells good rows from bad ones in the server, each in a subtransaction of one call: where many rows of a batch are bad, that
 * costs far less than asking anew for each. Refuses what halving refuses, for the same reasons. Immutable.
 *
 * <p>Anonymous blocks and not functions, because they leave nothing in the catalogue and are planned anew each time, for the
 * table as it is then; what they find goes into a temporary table, as they return nothing.
 *
 * @param stage the staging table
 * @param placedColumns the staging table and its columns with the place, for COPY
 * @param createApart makes the table for values as bytes, where they may not even be text
 * @param apart that table
 * @param apartColumns that table and its columns, for COPY
 * @param unpack moves rows from there into the staging table
 * @param write writes the staged rows
 * @param castInWriting true when some staged values can only be cast row by row
 */
record RowIsolation(
        String stage,
        String placedColumns,
        String createApart,
        String apart,
        String apartColumns,
        String unpack,
        String write,
        boolean castInWriting) {
    /** Which of the rows it was handed a staged row is, from 0. */
    static final String PLACE = SqlNames.quoted("backpop place");

    /** The row at hand. */
    static final String ROW = SqlNames.quoted("backpop row");

    private static final String OUTCOME = "pg_temp.backpop_outcome";
    private static final String CREATE_OUTCOME = "CREATE TEMPORARY TABLE IF NOT EXISTS backpop_outcome (place int,"
            + " state text, constraint_name text, column_name text, message text, detail text, written bigint,"
            + " unchanged bigint, found bigint) ON COMMIT DELETE ROWS";
    private static final String MAY_BE_USED = "SELECT EXISTS (SELECT FROM pg_language WHERE lanname = 'plpgsql'"
            + " AND has_language_privilege(oid, 'USAGE'))";
    /** text, varchar, char, name, json and xml, whose binary format is text. */
    private static final Set<Integer> TEXTS = Set.of(25, 1043, 1042, 19, 114, 142);

    private static final int JSONB = 3802;

    /** @param upsert writes the row at hand; answers with one row: written, unchanged, staged */
    static RowIsolation of(List<TargetColumn> columns, RowShape shape, String stage, String apart, String upsert) {
        List<String> names = new ArrayList<>();
        List<String> packed = new ArrayList<>();
        List<String> unpacked = new ArrayList<>();
        List<String> casts = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            var type = shape.columns().get(i).type();
            String name = SqlNames.quoted(columns.get(i).name());
            boolean asBytes = TEXTS.contains(type.transferOid()) || type.transferOid() == JSONB;
            String value = unpacked(ROW + "." + name, type.transferOid(), type.transferName());
            names.add(name);
            packed.add(name + " " + (asBytes ? "bytea" : type.transferName()));
            unpacked.add(value);
            if (type.viaText()) {
                casts.add("CAST(" + value + " AS " + type.sqlName() + ")");
            }
        }
        String list = String.join(", ", names);
        String staged = "pg_temp." + stage;
        String kept = "pg_temp." + apart;
        return new RowIsolation(
                staged,
                staged + " (" + PLACE + ", " + list + ")",
                "CREATE TEMPORARY TABLE IF NOT EXISTS " + apart + " (" + PLACE + " int, " + String.join(", ", packed)
                        + ") ON COMMIT DELETE ROWS",
                kept,
                kept + " (" + PLACE + ", " + list + ")",
                block(
                        kept,
                        (casts.isEmpty() ? "" : "PERFORM " + String.join(", ", casts) + "; ") + "INSERT INTO " + staged
                                + " (" + PLACE + ", " + list + ") VALUES (" + ROW + "." + PLACE + ", "
                                + String.join(", ", unpacked) + ");"),
                block(staged, into(upsert)),
                !casts.isEmpty());
    }

    /** The value that COPY would have read from these bytes. */
    private static String unpacked(String value, int oid, String type) {
        if (oid == JSONB) {
            // Behind the number of the format.
            return "CAST(convert_from(substr(" + value + ", 2), 'UTF8') AS jsonb)";
        }
        return TEXTS.contains(oid) ? "CAST(convert_from(" + value + ", 'UTF8') AS " + type + ")" : value;
    }

    private static String into(String upsert) {
        return upsert
                + " INTO \"backpop w\", \"backpop u\", \"backpop f\"; \"backpop written\" := \"backpop written\" +"
                + " \"backpop w\"; \"backpop unchanged\" := \"backpop unchanged\" + \"backpop u\"; \"backpop found\" :="
                + " \"backpop found\" + \"backpop f\";";
    }

    private static String block(String table, String step) {
        String body = """

                #variable_conflict use_column
                DECLARE
                  %1$s record;
                  "backpop state" text; "backpop constraint" text; "backpop column" text;
                  "backpop message" text; "backpop detail" text;
                  "backpop w" bigint; "backpop u" bigint; "backpop f" bigint;
                  "backpop written" bigint := 0; "backpop unchanged" bigint := 0; "backpop found" bigint := 0;
                BEGIN
                  FOR %1$s IN SELECT * FROM %2$s ORDER BY %3$s LOOP
                    BEGIN
                      %4$s
                    EXCEPTION WHEN OTHERS OR assert_failure THEN
                      GET STACKED DIAGNOSTICS "backpop state" = RETURNED_SQLSTATE,
                        "backpop constraint" = CONSTRAINT_NAME, "backpop column" = COLUMN_NAME,
                        "backpop message" = MESSAGE_TEXT, "backpop detail" = PG_EXCEPTION_DETAIL;
                      IF NOT %5$s THEN
                        RAISE;
                      END IF;
                      INSERT INTO %6$s (place, state, constraint_name, column_name, message, detail)
                        VALUES (%1$s.%3$s, "backpop state", nullif("backpop constraint", ''),
                          nullif("backpop column", ''), "backpop message", nullif("backpop detail", ''));
                    END;
                  END LOOP;
                  INSERT INTO %6$s (written, unchanged, found)
                    VALUES ("backpop written", "backpop unchanged", "backpop found");
                END
                """.formatted(ROW, table, PLACE, step, SqlFailure.rowCondition("\"backpop state\""), OUTCOME);
        String quote = "$backpop$";
        for (int i = 0; body.contains(quote); i++) {
            quote = "$backpop" + i + "$";
        }
        return "DO " + quote + body + quote;
    }

    /** What became of rows that were tried one by one. */
    record Outcome(long written, long unchanged, long found, List<WriteResult.Rejected> refused) {}

    /** False where the user may not use the server's procedural language. */
    static boolean mayBeUsed(Connection transaction) throws SQLException {
        try (Statement statement = transaction.createStatement();
                ResultSet answer = statement.executeQuery(MAY_BE_USED)) {
            answer.next();
            return answer.getBoolean(1);
        }
    }

    /**
     * Puts the rows into the staging table, each with its place.
     *
     * @param fenced whether staged values are looked at before they are written
     * @return those that it cannot hold
     */
    List<WriteResult.Rejected> stage(Connection transaction, List<Row> rows, boolean fenced) throws SQLException {
        execute(transaction, CREATE_OUTCOME);
        List<Row> placed = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            placed.add(placed(rows.get(i), i));
        }
        Savepoint savepoint = transaction.setSavepoint();
        try {
            if (!fenced || !castInWriting) {
                BinaryCopy.in(transaction, placedColumns, placed);
                transaction.releaseSavepoint(savepoint);
                return List.of();
            }
        } catch (SQLException e) {
            if (SqlFailure.of(e) != SqlFailure.ROW) {
                throw e;
            }
            transaction.rollback(savepoint);
        }
        transaction.releaseSavepoint(savepoint);
        execute(transaction, createApart);
        BinaryCopy.in(transaction, apartColumns, placed);
        List<WriteResult.Rejected> refused = run(transaction, unpack, rows).refused();
        execute(transaction, "TRUNCATE " + apart);
        return refused;
    }

    /** Writes the staged rows, each by itself; answers for those that are still staged. */
    Outcome write(Connection transaction, List<Row> rows) throws SQLException {
        return run(transaction, write, rows);
    }

    private static Row placed(Row row, int place) {
        byte[] @Nullable [] fields = new byte[row.size() + 1][];
        fields[0] = ByteBuffer.allocate(Integer.BYTES).putInt(place).array();
        for (int i = 0; i < row.size(); i++) {
            fields[i + 1] = row.field(i);
        }
        return new Row(fields);
    }

    private static Outcome run(Connection transaction, String block, List<Row> rows) throws SQLException {
        execute(transaction, block);
        List<WriteResult.Rejected> refused = new ArrayList<>();
        long written = 0;
        long unchanged = 0;
        long found = 0;
        try (Statement statement = transaction.createStatement();
                ResultSet outcome = statement.executeQuery("SELECT place, state, constraint_name, column_name, message,"
                        + " detail, written, unchanged, found FROM " + OUTCOME + " ORDER BY place")) {
            while (outcome.next()) {
                int place = outcome.getInt(1);
                if (outcome.wasNull()) {
                    written = outcome.getLong(7);
                    unchanged = outcome.getLong(8);
                    found = outcome.getLong(9);
                } else {
                    refused.add(new WriteResult.Rejected(
                            rows.get(place),
                            outcome.getString(2),
                            outcome.getString(3),
                            outcome.getString(4),
                            SqlFailure.message(outcome.getString(5), outcome.getString(6))));
                }
            }
        }
        execute(transaction, "TRUNCATE " + OUTCOME);
        return new Outcome(written, unchanged, found, refused);
    }

    private static void execute(Connection transaction, String sql) throws SQLException {
        try (Statement statement = transaction.createStatement()) {
            // Braces in it are the plan's or the table's, and no escapes of JDBC.
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }
}
