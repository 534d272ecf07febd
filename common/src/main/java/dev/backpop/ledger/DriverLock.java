package dev.backpop.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The right to drive one campaign, as long as its connection lives. A driver that dies, or is cut off, loses it by itself;
 * until it notices, two may drive for a moment, and the ledger's cursor check keeps their planning apart. Thread-safe.
 */
public final class DriverLock implements AutoCloseable {
    /** The first number of our advisory locks: {@code backpop} on a telephone's keys, which nobody else is likely to take. */
    static final int SPACE = 2_225_767;

    private static final int PING_SECONDS = 5;

    private final Connection connection;
    private final String campaignId;
    private boolean closed;

    private DriverLock(Connection connection, String campaignId) {
        this.connection = connection;
        this.campaignId = campaignId;
    }

    static Optional<DriverLock> tryTake(DataSource target, String campaignId) {
        Connection connection;
        try {
            connection = LedgerDatabase.connect(target);
        } catch (SQLException e) {
            throw LedgerDatabase.unreachable(e);
        }
        boolean taken = false;
        try {
            taken = call(connection, "pg_try_advisory_lock", campaignId);
            return taken ? Optional.of(new DriverLock(connection, campaignId)) : Optional.empty();
        } catch (SQLException e) {
            throw LedgerDatabase.unreachable(e);
        } finally {
            if (!taken) {
                closeQuietly(connection);
            }
        }
    }

    /** Asks the server; false when the connection broke, and with it the lock. */
    public synchronized boolean held() {
        try {
            return !closed && connection.isValid(PING_SECONDS);
        } catch (SQLException e) {
            return false;
        }
    }

    /** Lets another driver take over. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            call(connection, "pg_advisory_unlock", campaignId);
        } catch (SQLException e) {
            // A pool must not hand out a session that may still hold the lock.
            abortQuietly(connection);
        }
        closeQuietly(connection);
    }

    private static boolean call(Connection connection, String function, String campaignId) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT " + function + "(" + SPACE + ", hashtext(?))")) {
            statement.setString(1, campaignId);
            try (ResultSet answer = statement.executeQuery()) {
                return answer.next() && answer.getBoolean(1);
            }
        }
    }

    private static void abortQuietly(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            // It is broken already, which is what we wanted.
        }
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // A broken connection holds nothing any more.
        }
    }
}
