package dev.backpop.target;

import dev.backpop.plan.Entity;
import dev.backpop.postgres.BinaryCopy;
import dev.backpop.postgres.SqlFailure;
import dev.backpop.row.Key;
import dev.backpop.row.Row;
import dev.backpop.row.RowShape;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes rows of one entity into its target table under its guard, inside the caller's transaction. Immutable and
 * thread-safe; each call works on the connection it is given.
 *
 * <p>Rows are copied into a temporary staging table and joined to the target first, so that rows that are already equal
 * cost no write at all. When the database refuses a batch, it is halved under savepoints until the bad rows stand alone.
 */
public final class GuardedWriter {
    private static final String FOREIGN_KEY_VIOLATION = "23503";

    private final WriteStatements statements;
    private final LengthLimits limits;
    private final RowShape shape;

    /**
     * @param table must hold every column of the shape
     * @throws dev.backpop.problem.InvalidInputException when the guard cannot be used
     */
    public GuardedWriter(Entity entity, TargetTable table, RowShape shape) {
        this.statements = WriteStatements.of(entity, table, shape);
        this.limits = new LengthLimits(table, shape);
        this.shape = shape;
    }

    /**
     * Prepares a transaction for {@link #write}; call once after it begins.
     *
     * <p>Deferred constraints are checked at once, so that a row they refuse is found here and not at commit, where it would
     * take the whole chunk with it.
     */
    public void begin(Connection transaction) throws SQLException {
        try (Statement statement = transaction.createStatement()) {
            statement.execute("SET CONSTRAINTS ALL IMMEDIATE");
            statement.execute(statements.createStage());
        }
    }

    /**
     * Writes a batch that has all rows of its keys.
     *
     * @throws SQLException when the failure is not a row's fault; roll the transaction back then
     */
    public WriteResult write(Connection transaction, List<Row> rows) throws SQLException {
        return write(transaction, rows, new HashSet<>());
    }

    /**
     * Writes one of several batches of a transaction.
     *
     * @param seen the keys of the batches before it, to which this one's are added: a further row of a key is refused
     * @throws SQLException when the failure is not a row's fault; roll the transaction back then
     */
    public WriteResult write(Connection transaction, List<Row> rows, Set<Key> seen) throws SQLException {
        Batch batch = new Batch();
        List<Row> fitting = new ArrayList<>(rows.size());
        for (Row row : withoutRepeatedKeys(rows, seen, batch)) {
            limits.refusal(row).ifPresentOrElse(batch.rejected::add, () -> fitting.add(row));
        }
        write(transaction, fitting, batch);
        retryOrphans(transaction, batch);
        return new WriteResult(batch.written, batch.unchanged, batch.guarded, batch.rejected);
    }

    /** One statement cannot write a key twice, and two would let the last row win in silence: the first one counts. */
    private List<Row> withoutRepeatedKeys(List<Row> rows, Set<Key> seen, Batch batch) {
        List<Row> once = new ArrayList<>(rows.size());
        for (Row row : rows) {
            if (!shape.hasKey(row) || seen.add(shape.keyOf(row))) {
                once.add(row);
            } else {
                batch.rejected.add(new WriteResult.Rejected(
                        row,
                        "21000",
                        null,
                        null,
                        "the legacy store has more than one row of this key, and the target can have only one"));
            }
        }
        return once;
    }

    /** A row refused for its foreign key may only have come before its parent, when halving took them apart. */
    private void retryOrphans(Connection transaction, Batch batch) throws SQLException {
        long writtenBefore = 0;
        while (batch.written > writtenBefore) {
            writtenBefore = batch.written;
            List<WriteResult.Rejected> orphans = batch.rejected.stream()
                    .filter(rejected -> rejected.sqlState().equals(FOREIGN_KEY_VIOLATION))
                    .toList();
            batch.rejected.removeAll(orphans);
            write(transaction, orphans.stream().map(WriteResult.Rejected::row).toList(), batch);
        }
    }

    private void write(Connection transaction, List<Row> rows, Batch batch) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        Savepoint savepoint = transaction.setSavepoint();
        try {
            stageAndUpsert(transaction, rows, batch);
            transaction.releaseSavepoint(savepoint);
        } catch (SQLException e) {
            if (SqlFailure.of(e) != SqlFailure.ROW) {
                throw e;
            }
            transaction.rollback(savepoint);
            transaction.releaseSavepoint(savepoint);
            if (rows.size() == 1) {
                batch.rejected.add(new WriteResult.Rejected(
                        rows.get(0),
                        SqlFailure.root(e).getSQLState(),
                        SqlFailure.constraint(e),
                        SqlFailure.column(e),
                        SqlFailure.message(e)));
                return;
            }
            int half = rows.size() / 2;
            write(transaction, rows.subList(0, half), batch);
            write(transaction, rows.subList(half, rows.size()), batch);
        }
    }

    private void stageAndUpsert(Connection transaction, List<Row> rows, Batch batch) throws SQLException {
        BinaryCopy.in(transaction, statements.stageColumns(), rows);
        try (Statement statement = transaction.createStatement();
                ResultSet counts = statement.executeQuery(statements.upsert())) {
            counts.next();
            long written = counts.getLong(1);
            long unchanged = counts.getLong(2);
            if (counts.getLong(3) != rows.size()) {
                throw new SQLException("staged " + counts.getLong(3) + " rows of " + rows.size(), "XX001");
            }
            statement.execute(statements.emptyStage());
            batch.written += written;
            batch.unchanged += unchanged;
            batch.guarded += rows.size() - written - unchanged;
        }
    }

    private static final class Batch {
        private long written;
        private long unchanged;
        private long guarded;
        private final List<WriteResult.Rejected> rejected = new ArrayList<>();
    }
}
