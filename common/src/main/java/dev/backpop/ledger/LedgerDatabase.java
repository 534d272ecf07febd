package dev.backpop.ledger;

import dev.backpop.problem.StoreUnreachableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** The ledger's way to the database: every statement goes through here, so that a lost connection has one name. */
final class LedgerDatabase {
    private static final Duration SNAPSHOT_TIMEOUT = Duration.ofMinutes(10);

    private final Jdbi jdbi;

    LedgerDatabase(DataSource target) {
        this(Jdbi.create(() -> connect(target)));
    }

    private LedgerDatabase(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Hands out the same database as one snapshot sees it, for reading, in one transaction. */
    <T> T snapshot(Function<LedgerDatabase, T> work) {
        try {
            return jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, handle -> {
                Connection connection = handle.getConnection();
                connection.setNetworkTimeout(
                        Runnable::run,
                        Math.toIntExact(SNAPSHOT_TIMEOUT.plusSeconds(30).toMillis()));
                handle.execute("SET TRANSACTION READ ONLY");
                // Sums over millions of rows take longer than a statement of a campaign should.
                handle.execute("SET LOCAL statement_timeout = " + SNAPSHOT_TIMEOUT.toMillis());
                return work.apply(new LedgerDatabase(Jdbi.create(connection)));
            });
        } catch (SQLException e) {
            throw isConnectionLoss(e) ? unreachable(e) : new IllegalStateException(e);
        } catch (JdbiException e) {
            throw translated(e);
        }
    }

    /** A connection on which every statement commits, as a pool that says otherwise would lose what we write. */
    static Connection connect(DataSource target) throws SQLException {
        Connection connection = target.getConnection();
        try {
            connection.setAutoCommit(true);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** @throws StoreUnreachableException when there is no connection, or it broke on the way */
    <T> T with(HandleCallback<T, RuntimeException> work) {
        try {
            return jdbi.withHandle(work);
        } catch (JdbiException e) {
            throw translated(e);
        }
    }

    /** @throws StoreUnreachableException when there is no connection, or it broke on the way */
    <T> T inTransaction(HandleCallback<T, RuntimeException> work) {
        try {
            return jdbi.inTransaction(work);
        } catch (JdbiException e) {
            throw translated(e);
        }
    }

    /** A {@code text[]} argument. */
    static Argument texts(@Nullable String[] values) {
        return (position, statement, context) ->
                statement.setArray(position, statement.getConnection().createArrayOf("text", values));
    }

    /** The name of the constraint that a statement violated, or an empty text. */
    static String violatedConstraint(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PSQLException refused) {
                ServerErrorMessage message = refused.getServerErrorMessage();
                String constraint = message == null ? null : message.getConstraint();
                return constraint == null ? "" : constraint;
            }
        }
        return "";
    }

    static StoreUnreachableException unreachable(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() instanceof SQLException) {
            root = root.getCause();
        }
        return new StoreUnreachableException(
                "the target database cannot be used right now: " + root.getMessage()
                        + "; check that it is up and that the target's URL, user and password are right"
                        + " (target.url in the plan or BACKPOP_TARGET_URL)",
                failure);
    }

    /** True when the failure says that the server does not serve just now, and not that the statement is wrong. */
    static boolean isConnectionLoss(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException refused && refused.getSQLState() != null) {
                String state = refused.getSQLState();
                // 25006 is a server that has become read-only; the last ones are waits that were given up.
                return state.startsWith("08")
                        || state.startsWith("57P")
                        || state.startsWith("53")
                        || state.equals("25006")
                        || state.equals("55P03")
                        // Somebody else won; the next try finds what they left.
                        || state.equals("40001")
                        || state.equals("40P01")
                        || state.equals("57014");
            }
        }
        return false;
    }

    private static RuntimeException translated(JdbiException failure) {
        return failure instanceof ConnectionException || isConnectionLoss(failure) ? unreachable(failure) : failure;
    }
}
