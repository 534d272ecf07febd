package dev.backpop.worker.verify;

import dev.backpop.legacy.ExpectedSql;
import dev.backpop.postgres.CopyTuples;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.postgres.SelectionSql;
import dev.backpop.postgres.SqlFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Two PostgreSQL databases asked the same question at the same time: both have it before the first answer is read, and work
 * side by side. Thread-safe.
 */
final class BothSides {
    private final ExpectedSql legacy;
    private final PostgresPool target;
    private final SelectionSql targetSql;

    BothSides(ExpectedSql legacy, PostgresPool target, SelectionSql targetSql) {
        this.legacy = legacy;
        this.target = target;
        this.targetSql = targetSql;
    }

    /**
     * Asks both.
     *
     * @param question what to ask of a side
     * @throws UnreadableRowException when an expression fails on a legacy row
     * @throws dev.backpop.legacy.LegacyUnavailableException when the legacy store does not serve
     * @throws SQLException when the target does not
     */
    <T> T ask(Function<SelectionSql, String> question, Answers<T> answers) throws SQLException {
        try (LegacyTuples left = open(question.apply(legacy.sql()))) {
            Connection session = target.connection();
            try {
                if (target.isLimited()) {
                    // A transaction, whose end takes the time limit off the session again.
                    session.setAutoCommit(false);
                    target.limit(session);
                }
                try (CopyTuples right = CopyTuples.open(session, question.apply(targetSql))) {
                    return answers.read(left, right::next);
                }
            } finally {
                giveBack(session);
            }
        }
    }

    /** A session that was ended by force, with its stream unfinished, cannot end its transaction; its pool drops it then. */
    private static void giveBack(Connection session) throws SQLException {
        boolean ended = session.unwrap(Connection.class).isClosed();
        try {
            session.close();
        } catch (SQLException e) {
            if (!ended) {
                throw e;
            }
        }
    }

    private LegacyTuples open(String query) {
        try {
            Connection session = legacy.connection();
            try {
                return new LegacyTuples(session, CopyTuples.open(session, query));
            } catch (SQLException e) {
                session.close();
                throw e;
            }
        } catch (SQLException e) {
            throw legacyFailure(e);
        }
    }

    private RuntimeException legacyFailure(SQLException failure) {
        return SqlFailure.of(failure) == SqlFailure.ROW ? new UnreadableRowException(failure) : legacy.failure(failure);
    }

    /** What to make of both answers. */
    interface Answers<T> {
        T read(Tuples legacy, Tuples target) throws SQLException;
    }

    private final class LegacyTuples implements Tuples, AutoCloseable {
        private final Connection session;
        private final CopyTuples tuples;

        LegacyTuples(Connection session, CopyTuples tuples) {
            this.session = session;
            this.tuples = tuples;
        }

        @Override
        public byte @Nullable [] next() {
            try {
                return tuples.next();
            } catch (SQLException e) {
                throw legacyFailure(e);
            }
        }

        @Override
        public void close() {
            try {
                try {
                    tuples.close();
                } finally {
                    giveBack(session);
                }
            } catch (SQLException e) {
                throw legacyFailure(e);
            }
        }
    }
}
