package dev.backpop.producer.driver;

import dev.backpop.plan.Entity;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.postgres.SqlFailure;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.Problem;
import dev.backpop.problem.StoreUnreachableException;
import dev.backpop.target.LiveTouches;
import dev.backpop.target.TargetTable;
import dev.backpop.target.TouchStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Installs and removes the fence guard's triggers in the target, and says in words why it could not. Thread-safe. */
public final class FenceGuard {
    private static final String NO_RIGHT = "42501";
    private static final String LOCKED = "55P03";

    private final PostgresPool target;

    public FenceGuard(PostgresPool target) {
        this.target = target;
    }

    private interface Call<T> {
        T on(LiveTouches touches, Connection connection) throws SQLException;
    }

    /**
     * Installs what is missing.
     *
     * @return false when everything was there
     * @throws InvalidInputException when the target's user may not
     * @throws StoreUnreachableException when the table is in use for too long, or the target cannot be reached
     */
    public boolean install(String plan, Entity entity, TargetTable table) {
        return call(plan, entity, table, LiveTouches::install);
    }

    /** Removes everything; errors as in {@link #install}. @return false when nothing was there */
    public boolean remove(String plan, Entity entity, TargetTable table) {
        return call(plan, entity, table, LiveTouches::remove);
    }

    /** The SQL that {@link #install} would run. */
    public List<String> missing(String plan, Entity entity, TargetTable table) {
        return call(plan, entity, table, LiveTouches::missing);
    }

    /** The SQL that {@link #remove} would run. */
    public List<String> present(String plan, Entity entity, TargetTable table) {
        return call(plan, entity, table, LiveTouches::present);
    }

    public TouchStatus status(String plan, Entity entity, TargetTable table) {
        return call(plan, entity, table, LiveTouches::status);
    }

    private <T> T call(String plan, Entity entity, TargetTable table, Call<T> call) {
        String place = "entities." + entity.name() + ".guard";
        try (Connection connection = target.connection()) {
            return call.on(LiveTouches.of(plan, entity, table), connection);
        } catch (SQLException e) {
            SQLException root = SqlFailure.root(e);
            if (NO_RIGHT.equals(root.getSQLState())) {
                throw new InvalidInputException(List.of(new Problem(
                        place,
                        "the target says: " + SqlFailure.message(e) + ". The fence needs the rights to create in schema"
                                + " backpop and the right TRIGGER on " + table.sqlName()
                                + ": let its owner grant it, or choose another guard")));
            }
            if (LOCKED.equals(root.getSQLState())) {
                throw new StoreUnreachableException(
                        place + ": " + table.sqlName() + " was locked by other transactions for two seconds, and the"
                                + " triggers need a moment without any: nothing was changed; try again, or at a quieter time"
                                + " with 'backpop guards PLAN install'",
                        e);
            }
            if (SqlFailure.of(e) == SqlFailure.PERMANENT) {
                throw new InvalidInputException(
                        List.of(new Problem(place, "the target says: " + SqlFailure.message(e))));
            }
            throw target.unreachable(e);
        }
    }
}
