package dev.backpop.target;

import dev.backpop.plan.Entity;
import dev.backpop.plan.Guard;
import dev.backpop.postgres.BinaryCopy;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.postgres.SqlFailure;
import dev.backpop.problem.InvalidInputException;
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
import org.jspecify.annotations.Nullable;

/**
 * Writes rows of one entity into its target table under its guard, inside the caller's transaction. Immutable and
 * thread-safe; each call works on the connection it is given.
 *
 * <p>Rows are copied into a temporary staging table and joined to the target first, so that rows that are already equal
 * cost no write at all. When the database refuses a batch, it is halved under savepoints until the bad rows stand alone; once
 * a few were found so, what is refused next is told apart in the server, by {@link RowIsolation}.
 */
public final class GuardedWriter {
    private static final String FOREIGN_KEY_VIOLATION = "23503";

    /** How often a batch is written anew without the keys that others touched meanwhile, before it is halved. */
    private static final int MOST_ROUNDS = 4;

    /** So many bad rows of a batch are looked for by halving, which is cheaper where there are few. */
    private static final int FOUND_BY_HALVING = 2;

    private final WriteStatements statements;
    private final LiveTouches touches;
    private final String session;
    private final Entity entity;
    private final LengthLimits limits;
    private final RowShape shape;
    private final int foundByHalving;

    /** @param table must hold every column of the shape */
    public GuardedWriter(String plan, Entity entity, TargetTable table, RowShape shape) {
        this(plan, entity, table, shape, entity.guard(), TouchRule.of(entity.guard()), FOUND_BY_HALVING);
    }

    /** @param foundByHalving so many bad rows of a batch are looked for by halving */
    GuardedWriter(String plan, Entity entity, TargetTable table, RowShape shape, int foundByHalving) {
        this(plan, entity, table, shape, entity.guard(), TouchRule.of(entity.guard()), foundByHalving);
    }

    private GuardedWriter(
            String plan,
            Entity entity,
            TargetTable table,
            RowShape shape,
            Guard guard,
            @Nullable TouchRule rule,
            int foundByHalving) {
        this.foundByHalving = foundByHalving;
        this.statements = WriteStatements.of(plan, entity, table, shape, guard, rule);
        this.touches = LiveTouches.of(plan, entity, table);
        this.session = TouchTable.of(plan, entity, table).session();
        this.entity = entity;
        this.limits = new LengthLimits(table, shape);
        this.shape = shape;
    }

    /**
     * A writer that mends what was found wrong: it overwrites whatever nobody has touched since the fence, whoever wrote it,
     * and brings back what others deleted before it. With guard {@code overwrite} nobody else writes, and nobody is asked.
     *
     * @param table must hold every column of the shape
     */
    public static GuardedWriter repairing(String plan, Entity entity, TargetTable table, RowShape shape) {
        return new GuardedWriter(
                plan,
                entity,
                table,
                shape,
                new Guard.Overwrite(),
                entity.guard() instanceof Guard.Overwrite ? null : TouchRule.REPAIR,
                FOUND_BY_HALVING);
    }

    /**
     * A writer for the closing sweep: by the guard, but what others deleted before the fence may come back. A row that the
     * legacy store has after such a delete has taken the key since, and where it had not been copied yet the application
     * changed nothing in the target.
     *
     * @param table must hold every column of the shape
     */
    public static GuardedWriter closing(String plan, Entity entity, TargetTable table, RowShape shape) {
        Guard guard = entity.guard();
        return new GuardedWriter(
                plan, entity, table, shape, guard, guard.recordsTouches() ? TouchRule.REPAIR : null, FOUND_BY_HALVING);
    }

    /**
     * The fence for rows that are fetched after this returns; {@link Fence#NONE} when the guard needs none.
     *
     * @throws InvalidInputException when the guard needs one and the triggers are not installed, saying how to
     */
    public Fence fence(PostgresPool target) throws SQLException {
        if (statements.fence() == null) {
            return Fence.NONE;
        }
        try (Connection connection = target.connection()) {
            return touches.fence(connection)
                    .orElseThrow(() -> new InvalidInputException("the triggers that record who else writes "
                            + entity.into().table() + " are not installed, or not all of them, so that guard '"
                            + entity.guard().word() + "'"
                            + " of entity " + entity.name() + " cannot tell what they did: install them with"
                            + " 'backpop guards PLAN install --entity " + entity.name() + "'"));
        }
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
            // Of this entity alone: what is written for another entity is, for this one, written by others.
            statement.execute(session);
            statement.execute(statements.createStage());
        }
    }

    /**
     * Writes a batch that has all rows of its keys.
     *
     * @param fence taken before the rows were fetched
     * @throws SQLException when the failure is not a row's fault; roll the transaction back then
     */
    public WriteResult write(Connection transaction, List<Row> rows, Fence fence) throws SQLException {
        return write(transaction, rows, fence, new HashSet<>());
    }

    /**
     * Writes one of several batches of a transaction.
     *
     * @param fence taken before the rows were fetched
     * @param seen the keys of the batches before it, to which this one's are added: a further row of a key is refused
     * @throws SQLException when the failure is not a row's fault; roll the transaction back then
     */
    public WriteResult write(Connection transaction, List<Row> rows, Fence fence, Set<Key> seen) throws SQLException {
        Batch batch = new Batch(fence);
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
            if (stageAndUpsert(transaction, rows, batch)) {
                transaction.releaseSavepoint(savepoint);
                return;
            }
            transaction.rollback(savepoint);
            transaction.releaseSavepoint(savepoint);
            if (rows.size() == 1) {
                // A touched key stays touched, so that one row is settled in the second round.
                throw new SQLException("a row was touched in each of " + MOST_ROUNDS + " rounds", "40001");
            }
        } catch (SQLException e) {
            if (SqlFailure.of(e) != SqlFailure.ROW) {
                throw e;
            }
            transaction.rollback(savepoint);
            transaction.releaseSavepoint(savepoint);
            if (rows.size() == 1) {
                batch.foundAlone++;
                batch.rejected.add(new WriteResult.Rejected(
                        rows.get(0),
                        SqlFailure.root(e).getSQLState(),
                        SqlFailure.constraint(e),
                        SqlFailure.column(e),
                        SqlFailure.message(e)));
                return;
            }
        }
        if (batch.foundAlone >= foundByHalving && isolate(transaction, rows, batch)) {
            return;
        }
        int half = rows.size() / 2;
        write(transaction, rows.subList(0, half), batch);
        write(transaction, rows.subList(half, rows.size()), batch);
    }

    /** False when others touched a key of it in every round. */
    private boolean stageAndUpsert(Connection transaction, List<Row> rows, Batch batch) throws SQLException {
        BinaryCopy.in(transaction, statements.stageColumns(), rows);
        return upsertStaged(transaction, leftOut -> upsert(transaction, rows.size(), leftOut), batch);
    }

    /** Writes the rows one by one in the server; false, with nothing done, when that cannot be done or was of no use. */
    private boolean isolate(Connection transaction, List<Row> rows, Batch batch) throws SQLException {
        if (!RowIsolation.mayBeUsed(transaction)) {
            return false;
        }
        Savepoint savepoint = transaction.setSavepoint();
        try {
            List<WriteResult.Rejected> unfit = statements.isolation().stage(transaction, rows, fenced(batch));
            int staged = rows.size() - unfit.size();
            if (upsertStaged(transaction, leftOut -> writeEach(transaction, rows, staged, leftOut), batch)) {
                batch.rejected.addAll(unfit);
                transaction.releaseSavepoint(savepoint);
                return true;
            }
        } catch (SQLException e) {
            if (SqlFailure.of(e) != SqlFailure.ROW) {
                throw e;
            }
        }
        transaction.rollback(savepoint);
        transaction.releaseSavepoint(savepoint);
        return false;
    }

    private boolean fenced(Batch batch) {
        return statements.fence() != null && !batch.fence.equals(Fence.NONE);
    }

    private boolean upsertStaged(Connection transaction, Writing writing, Batch batch) throws SQLException {
        FenceStatements fence = statements.fence();
        if (fence == null || !fenced(batch)) {
            writing.write(new FenceStatements.LeftOut(0, 0)).addTo(batch);
        } else if (!upsert(transaction, writing, fence, batch)) {
            return false;
        }
        try (Statement statement = transaction.createStatement()) {
            statement.execute(statements.emptyStage());
        }
        return true;
    }

    /** A way to write what is staged. */
    private interface Writing {
        Upserted write(FenceStatements.LeftOut leftOut) throws SQLException;
    }

    private boolean upsert(Connection transaction, Writing writing, FenceStatements fence, Batch batch)
            throws SQLException {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            Savepoint savepoint = transaction.setSavepoint();
            Upserted upserted = writing.write(fence.leaveOut(transaction, batch.fence));
            boolean touched = fence.touched(transaction, batch.fence);
            if (touched) {
                transaction.rollback(savepoint);
            }
            transaction.releaseSavepoint(savepoint);
            if (!touched) {
                upserted.addTo(batch);
                return true;
            }
        }
        return false;
    }

    private Upserted upsert(Connection transaction, int staged, FenceStatements.LeftOut leftOut) throws SQLException {
        try (Statement statement = transaction.createStatement();
                ResultSet counts = statement.executeQuery(statements.upsert())) {
            counts.next();
            return Upserted.of(staged, counts.getLong(3), counts.getLong(1), counts.getLong(2), leftOut, List.of());
        }
    }

    private Upserted writeEach(Connection transaction, List<Row> rows, int staged, FenceStatements.LeftOut leftOut)
            throws SQLException {
        RowIsolation.Outcome outcome = statements.isolation().write(transaction, rows);
        return Upserted.of(staged, outcome.found(), outcome.written(), outcome.unchanged(), leftOut, outcome.refused());
    }

    /** @param staged rows that were not refused */
    private record Upserted(long staged, long written, long unchanged, List<WriteResult.Rejected> refused) {
        static Upserted of(
                long staged,
                long found,
                long written,
                long unchanged,
                FenceStatements.LeftOut leftOut,
                List<WriteResult.Rejected> refused)
                throws SQLException {
            long all = found + leftOut.rows() + refused.size();
            if (all != staged) {
                throw new SQLException("staged " + all + " rows of " + staged, "XX001");
            }
            return new Upserted(staged - refused.size(), written, unchanged + leftOut.unchanged(), refused);
        }

        void addTo(Batch batch) {
            batch.rejected.addAll(refused);
            batch.written += written;
            batch.unchanged += unchanged;
            batch.guarded += staged - written - unchanged;
        }
    }

    private static final class Batch {
        private final Fence fence;
        private long written;
        private long unchanged;
        private long guarded;
        private long foundAlone;
        private final List<WriteResult.Rejected> rejected = new ArrayList<>();

        Batch(Fence fence) {
            this.fence = fence;
        }
    }
}
