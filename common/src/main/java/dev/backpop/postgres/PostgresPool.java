package dev.backpop.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.backpop.problem.StoreUnreachableException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A bounded pool of sessions on one database, every one pinned to UTC, ISO dates and UTF-8, so that no value depends on
 * who reads it. Thread-safe. Nothing connects before a session is asked for.
 */
public final class PostgresPool implements AutoCloseable {
    /**
     * The version of the ledger that this build knows, as every session of {@link #target} says: the ledger keeps chunks from
     * builds that would misunderstand them.
     */
    public static final int LEDGER_VERSION = 7;

    private static final Duration STATEMENT_TIMEOUT = Duration.ofMinutes(1);

    private final HikariDataSource pool;
    private final String what;
    private final PostgresAddress address;
    private final Properties direct;
    private final @Nullable Duration statementTimeout;

    private PostgresPool(
            HikariDataSource pool,
            String what,
            PostgresAddress address,
            Properties direct,
            @Nullable Duration statementTimeout) {
        this.pool = pool;
        this.what = what;
        this.address = address;
        this.direct = direct;
        this.statementTimeout = statementTimeout;
    }

    /**
     * A pool for writing to the target and its ledger.
     *
     * <p>Sessions carry timeouts for statements, locks and idle transactions, so that a frozen process cannot block its
     * successor for longer than a lease.
     *
     * @param role who connects, shown in {@code pg_stat_activity} as {@code backpop ROLE}
     */
    public static PostgresPool target(PostgresAddress address, String role, int size) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("lock_timeout", "'10s'");
        settings.put("idle_in_transaction_session_timeout", "'15s'");
        // The triggers of the fence guard look for it: what we write is no touch of others.
        settings.put("backpop.session", "'on'");
        settings.put("backpop.ledger", Integer.toString(LEDGER_VERSION));
        return open("target", address, role, size, null, settings);
    }

    /**
     * The same sessions, for work whose statements may take another time than a minute: see {@link #limit}. Shares the pool;
     * only this one needs to be closed.
     *
     * @param timeout null for no other time
     */
    public PostgresPool withStatementTimeout(@Nullable Duration timeout) {
        return new PostgresPool(pool, what, address, direct, timeout);
    }

    /** Whether {@link #limit} has anything to say, and work of one statement needs a transaction for it. */
    public boolean isLimited() {
        return statementTimeout != null;
    }

    /** Gives every statement of the transaction that has begun the time that this pool was made for. */
    public void limit(Connection transaction) throws SQLException {
        Duration timeout = statementTimeout;
        if (timeout == null) {
            return;
        }
        transaction.setNetworkTimeout(
                Runnable::run, Math.toIntExact(socketTimeout(timeout).toMillis()));
        try (Statement statement = transaction.createStatement()) {
            statement.execute("SET LOCAL statement_timeout = " + timeout.toMillis());
        }
    }

    /** The server gives up first, and says so. */
    private static Duration socketTimeout(@Nullable Duration statementTimeout) {
        return (statementTimeout == null ? STATEMENT_TIMEOUT : statementTimeout).plusSeconds(30);
    }

    /**
     * A pool of read-only sessions for a legacy database.
     *
     * @param statementTimeout how long it may work on one statement; null for a minute
     */
    public static PostgresPool legacy(
            PostgresAddress address, String role, int size, @Nullable Duration statementTimeout) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("default_transaction_read_only", "on");
        settings.put("lock_timeout", "'10s'");
        settings.put("idle_in_transaction_session_timeout", "'60s'");
        return open("legacy", address, role, size, statementTimeout, settings);
    }

    private static PostgresPool open(
            String what,
            PostgresAddress address,
            String role,
            int size,
            @Nullable Duration statementTimeout,
            Map<String, String> settings) {
        Duration timeout = statementTimeout == null ? STATEMENT_TIMEOUT : statementTimeout;
        settings.put("statement_timeout", Long.toString(timeout.toMillis()));
        settings.put("timezone", "'UTC'");
        settings.put("datestyle", "'ISO, YMD'");
        settings.put("intervalstyle", "'postgres'");
        settings.put("extra_float_digits", "1");
        settings.put("bytea_output", "'hex'");
        settings.put("standard_conforming_strings", "on");
        settings.put("application_name", "'backpop " + role + "'");
        StringBuilder first = new StringBuilder();
        settings.forEach((name, value) ->
                first.append("SET ").append(name).append(" = ").append(value).append("; "));
        HikariConfig config = new HikariConfig();
        config.setPoolName("backpop-" + what);
        config.setJdbcUrl(address.jdbcUrl());
        config.setUsername(address.user());
        config.setPassword(address.password());
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        config.setIdleTimeout(60_000);
        config.setConnectionTimeout(10_000);
        config.setValidationTimeout(3_000);
        config.setInitializationFailTimeout(-1);
        config.setConnectionInitSql(first.toString());
        // A cached generic plan made while the target was empty would scan the whole table once it is full.
        config.addDataSourceProperty("prepareThreshold", "0");
        config.addDataSourceProperty("socketFactory", BufferedSockets.class.getName());
        config.addDataSourceProperty("connectTimeout", "5");
        config.addDataSourceProperty("loginTimeout", "8");
        config.addDataSourceProperty(
                "socketTimeout", Long.toString(socketTimeout(statementTimeout).toSeconds()));
        config.addDataSourceProperty("tcpKeepAlive", "true");
        Properties direct = new Properties();
        direct.putAll(config.getDataSourceProperties());
        if (address.user() != null) {
            direct.setProperty("user", address.user());
        }
        if (address.password() != null) {
            direct.setProperty("password", address.password());
        }
        return new PostgresPool(new HikariDataSource(config), what, address, direct, null);
    }

    public DataSource dataSource() {
        return pool;
    }

    /** A session; close it to give it back. */
    public Connection connection() throws SQLException {
        return pool.getConnection();
    }

    public PostgresAddress address() {
        return address;
    }

    /**
     * Connects once.
     *
     * @throws StoreUnreachableException saying which database, why, and what to do
     */
    public void check() {
        // Past the pool, which keeps trying for ten seconds what a wrong password will not change.
        try (Connection connection = DriverManager.getConnection(address.jdbcUrl(), direct)) {
            if (!connection.isValid(3)) {
                throw new StoreUnreachableException(
                        "the " + what + " database at " + address + " does not answer: is it up?");
            }
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    /** The exception to throw for a database that could not be connected to. */
    public StoreUnreachableException unreachable(SQLException failure) {
        SQLException root = SqlFailure.root(failure);
        String reason = root.getMessage() == null ? failure.getMessage() : root.getMessage();
        // The driver ends some of its messages with a full stop, and we end all.
        reason = reason == null ? "no reason given" : reason.replaceAll("\\.+$", "");
        String state = root.getSQLState();
        String next = switch (state == null ? "" : state) {
            case "28P01", "28000" -> "Check its user and password";
            case "3D000" -> "Create the database or correct its URL";
            case "25006" -> "It takes no writes: point its URL at the primary";
            default -> "Is it up, and are its URL, user and password right?";
        };
        return new StoreUnreachableException(
                "the " + what + " database at " + address + " cannot be used: " + reason + ". " + next, failure);
    }

    @Override
    public void close() {
        pool.close();
    }
}
