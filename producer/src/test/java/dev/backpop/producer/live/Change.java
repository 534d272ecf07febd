package dev.backpop.producer.live;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;

/**
 * One statement of the application, the same for the old table and for the new one. Immutable.
 *
 * @param keys in their order; the one key that is left for {@link Form#MOVE}
 * @param movedTo the key that {@link Form#MOVE} changes it to, and of no meaning for the others
 * @param version of the rows that it writes, greater than that of every change of these keys before
 */
record Change(Form form, List<Integer> keys, int movedTo, long version) {
    enum Form {
        INSERT,
        COPY,
        UPSERT,
        UPDATE,
        DELETE,
        MOVE;

        /** Whether its keys must have rows, true or false; both will do for an upsert. */
        boolean fits(boolean present) {
            return switch (this) {
                case INSERT, COPY -> !present;
                case UPSERT -> true;
                case UPDATE, DELETE, MOVE -> present;
            };
        }
    }

    Change {
        keys = List.copyOf(keys);
    }

    /** The keys that have no row after it. */
    List<Integer> gone() {
        return form == Form.DELETE || form == Form.MOVE ? keys : List.of();
    }

    /** The keys that have the row it writes. */
    List<Integer> written() {
        return switch (form) {
            case DELETE -> List.of();
            case MOVE -> List.of(movedTo);
            default -> keys;
        };
    }

    /**
     * Changes a table.
     *
     * @param onlyOlder whether rows of a greater version are left alone, which the new table's guard may ask for
     * @return how many rows were written or deleted
     */
    long in(Connection connection, String table, boolean onlyOlder) throws SQLException {
        if (form == Form.COPY) {
            return copyIn(connection, table);
        }
        String older = onlyOlder ? " AND " + table + ".version < " + version : "";
        String set = " SET x = " + text() + ", version = " + version;
        return execute(
                connection,
                switch (form) {
                    case UPSERT -> upsert(table, keys, onlyOlder);
                    case UPDATE -> "UPDATE " + table + set + " WHERE id IN (" + list(keys) + ")" + older;
                    case DELETE -> "DELETE FROM " + table + " WHERE id IN (" + list(keys) + ")";
                    case MOVE ->
                        "UPDATE " + table + set + ", id = " + literal(movedTo) + " WHERE id = " + literal(keys.get(0))
                                + older;
                    case INSERT, COPY -> insert(table, keys);
                });
    }

    /**
     * What the application does in the new table when it finds a row there that it did not expect.
     *
     * @return how many of its keys had a row to be deleted, or have one now
     */
    long settle(Connection connection, String table, boolean onlyOlder) throws SQLException {
        long rows = written().size();
        if (!gone().isEmpty()) {
            rows = execute(connection, "DELETE FROM " + table + " WHERE id IN (" + list(gone()) + ")");
        }
        if (!written().isEmpty()) {
            execute(connection, upsert(table, written(), onlyOlder));
        }
        return rows;
    }

    private String insert(String table, List<Integer> into) {
        return "INSERT INTO " + table + " (id, x, version) VALUES "
                + into.stream()
                        .map(key -> "(" + literal(key) + ", " + text() + ", " + version + ")")
                        .collect(Collectors.joining(", "));
    }

    private String upsert(String table, List<Integer> into, boolean onlyOlder) {
        return insert(table, into) + " ON CONFLICT (id) DO UPDATE SET x = excluded.x, version = excluded.version"
                + (onlyOlder ? " WHERE " + table + ".version < excluded.version" : "");
    }

    private String text() {
        return "'live " + version + "'";
    }

    private static String list(List<Integer> keys) {
        return keys.stream().map(Change::literal).collect(Collectors.joining(", "));
    }

    /** An integer or a text, as the column is. */
    private static String literal(int key) {
        return "'" + key + "'";
    }

    private long copyIn(Connection connection, String table) throws SQLException {
        String lines = keys.stream()
                .map(key -> key + "\tlive " + version + "\t" + version + "\n")
                .collect(Collectors.joining());
        try {
            return connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY " + table + " (id, x, version) FROM STDIN", new StringReader(lines));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static long execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            return statement.getUpdateCount();
        }
    }
}
