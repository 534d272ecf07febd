package dev.backpop.ledger;

import dev.backpop.postgres.PostgresPool;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.StoreUnreachableException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Schema {@code backpop}: whether it is there, and bringing it up to date. */
final class LedgerSchema {
    /** The newest script's number. */
    static final int VERSION = PostgresPool.LEDGER_VERSION;

    private static final String LOCATION = "classpath:dev/backpop/ledger";
    /** {@code pg_current_snapshot} and {@code xid8} are of 13. */
    private static final int OLDEST_SERVER = 130_000;

    private LedgerSchema() {}

    /** True when the ledger's tables are there; reads only. */
    static boolean exists(DataSource target) {
        try (Connection connection = connect(target)) {
            return ask(connection, "SELECT to_regclass('backpop.campaign') IS NOT NULL");
        } catch (SQLException e) {
            throw problem(e);
        }
    }

    /** Creates or upgrades. Two processes may do so at once: the second waits, and finds it done. */
    static void migrate(DataSource target) {
        try (Connection connection = connect(target)) {
            check(connection);
            if (upToDate(connection)) {
                return;
            }
            // Whoever is at it may take longer on a busy machine than a session should wait for a row.
            String patience = text(connection, "SELECT current_setting('lock_timeout')");
            run(connection, "SET lock_timeout = '60s'");
            run(connection, "SELECT pg_advisory_lock(" + DriverLock.SPACE + ", 0)");
            try {
                flyway(target).migrate();
            } finally {
                run(connection, "SELECT pg_advisory_unlock(" + DriverLock.SPACE + ", 0)");
                run(connection, "SET lock_timeout = '" + patience + "'");
            }
        } catch (SQLException | FlywayException e) {
            throw problem(e);
        }
    }

    private static Flyway flyway(DataSource target) {
        // A guard installed by hand may have made the schema before the ledger came: start from nothing all the same.
        return Flyway.configure(LedgerSchema.class.getClassLoader())
                .dataSource(target)
                .schemas("backpop")
                .defaultSchema("backpop")
                .locations(LOCATION)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load();
    }

    private static boolean upToDate(Connection connection) throws SQLException {
        return ask(connection, "SELECT to_regclass('backpop.flyway_schema_history') IS NOT NULL")
                && ask(
                        connection,
                        "SELECT EXISTS (SELECT FROM backpop.flyway_schema_history WHERE success AND version = '"
                                + VERSION
                                + "')");
    }

    private static void check(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT quote_ident(current_user),"
                        + " quote_ident(current_database()), current_setting('server_version_num')::int,"
                        + " current_setting('server_version'),"
                        + " pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean,"
                        + " has_database_privilege(current_database(), 'CREATE'),"
                        + " EXISTS (SELECT FROM pg_namespace WHERE nspname = 'backpop')")) {
            found.next();
            String user = found.getString(1);
            String database = found.getString(2);
            if (found.getInt(3) < OLDEST_SERVER) {
                throw new InvalidInputException(
                        "the target database is PostgreSQL " + found.getString(4) + ", and Backpop needs 13 or newer");
            }
            if (found.getBoolean(5)) {
                throw new StoreUnreachableException("the target database " + database
                        + " is read-only (a standby, or default_transaction_read_only is on):"
                        + " point the target's URL at the primary");
            }
            if (!found.getBoolean(6) && !found.getBoolean(7)) {
                throw new InvalidInputException("user " + user + " may not create the schema backpop, where Backpop"
                        + " keeps its ledger, in the target database: let an administrator run"
                        + " GRANT CREATE ON DATABASE " + database + " TO " + user
                        + " or CREATE SCHEMA backpop AUTHORIZATION " + user);
            }
        }
    }

    private static Connection connect(DataSource target) {
        try {
            return LedgerDatabase.connect(target);
        } catch (SQLException e) {
            throw LedgerDatabase.unreachable(e);
        }
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            found.next();
            return found.getString(1);
        }
    }

    private static boolean ask(Connection connection, String question) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(question)) {
            return answer.next() && answer.getBoolean(1);
        }
    }

    private static void run(Connection connection, String command) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(command);
        }
    }

    private static RuntimeException problem(Exception failure) {
        if (LedgerDatabase.isConnectionLoss(failure)) {
            return LedgerDatabase.unreachable(failure);
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException refused && "42501".equals(refused.getSQLState())) {
                return new InvalidInputException("the ledger in schema backpop of the target database cannot be used: "
                        + refused.getMessage()
                        + "; let its owner grant USAGE and CREATE on the schema and all rights on its tables");
            }
        }
        return new IllegalStateException(
                "the ledger in schema backpop of the target database could not be brought up to date: "
                        + failure.getMessage(),
                failure);
    }
}
