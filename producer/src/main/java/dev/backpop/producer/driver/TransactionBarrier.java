package dev.backpop.producer.driver;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The transactions of the target database that were running at one moment, and which of them still are. Immutable.
 *
 * <p>All of them by their virtual ids, which those have too that have written nothing yet, or only read: a transaction that took its
 * snapshot before a row was committed does not see it when it writes later. Prepared transactions count; vacuum workers,
 * which write nothing of anybody's, do not.
 */
final class TransactionBarrier {
    private static final String RUNNING = """
            SELECT l.virtualxid, 'of process ' || l.pid || coalesce(' (' || nullif(a.application_name, '') || ')', '')
                || coalesce(', since ' || to_char(a.xact_start AT TIME ZONE 'UTC', 'HH24:MI:SS') || ' UTC', '')
            FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid
            WHERE l.locktype = 'virtualxid' AND l.granted AND l.mode = 'ExclusiveLock' AND l.pid <> pg_backend_pid()
                AND a.datid = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND a.backend_type IS DISTINCT FROM 'autovacuum worker'
            UNION ALL
            SELECT 'prepared ' || transaction || ' ' || gid, 'prepared as ' || quote_literal(gid)
            FROM pg_prepared_xacts WHERE database = current_database()
            """;

    /** Those that have written something, and so have a name of their own. */
    private static final String WRITING = """
            SELECT l.transactionid::text, 'of process ' || l.pid || coalesce(' (' || nullif(a.application_name, '') || ')', '')
                || coalesce(', since ' || to_char(a.xact_start AT TIME ZONE 'UTC', 'HH24:MI:SS') || ' UTC', '')
            FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid
            WHERE l.locktype = 'transactionid' AND l.granted AND l.mode = 'ExclusiveLock' AND l.pid <> pg_backend_pid()
                AND a.datid = (SELECT oid FROM pg_database WHERE datname = current_database())
            UNION ALL
            SELECT 'prepared ' || transaction || ' ' || gid, 'prepared as ' || quote_literal(gid)
            FROM pg_prepared_xacts WHERE database = current_database()
            """;

    private static final String NEXT = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint & 4294967295";

    /** A transaction that was running may have been prepared since, and changed its name by that. */
    private static final String PREPARED_BEFORE = "SELECT 'prepared as ' || quote_literal(gid) FROM pg_prepared_xacts"
            + " WHERE database = current_database() AND age(transaction) >= age(CAST(CAST(? AS text) AS xid)) LIMIT 1";

    private final String question;
    private final Map<String, String> running;
    private final String next;

    private TransactionBarrier(String question, Map<String, String> running, String next) {
        this.question = question;
        this.running = running;
        this.next = next;
    }

    /**
     * Every transaction.
     *
     * @param connection outside a transaction of its own
     */
    static TransactionBarrier now(Connection connection) throws SQLException {
        return of(RUNNING, connection);
    }

    /**
     * Those alone that have written something already; readers, which may take hours, are not among them.
     *
     * @param connection outside a transaction of its own
     */
    static TransactionBarrier ofWriters(Connection connection) throws SQLException {
        return of(WRITING, connection);
    }

    private static TransactionBarrier of(String question, Connection connection) throws SQLException {
        Map<String, String> running = ask(question, connection);
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(NEXT)) {
            found.next();
            return new TransactionBarrier(question, running, found.getString(1));
        }
    }

    /** How to tell people of one that has not ended; empty when all have. */
    Optional<String> open(Connection connection) throws SQLException {
        Map<String, String> still = ask(question, connection);
        Optional<String> open =
                running.keySet().stream().filter(still::containsKey).findFirst().map(still::get);
        return open.isPresent() ? open : preparedBefore(connection);
    }

    private Optional<String> preparedBefore(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PREPARED_BEFORE)) {
            statement.setString(1, next);
            ResultSet found = statement.executeQuery();
            return found.next() ? Optional.of(found.getString(1)) : Optional.empty();
        }
    }

    private static Map<String, String> ask(String question, Connection connection) throws SQLException {
        Map<String, String> found = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(question)) {
            while (rows.next()) {
                found.put(rows.getString(1), rows.getString(2));
            }
        }
        return found;
    }
}
