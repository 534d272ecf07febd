package dev.backpop.health;

import dev.backpop.postgres.SqlNames;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the target is asked about its health. Each is one short statement, or two. */
final class TargetQuestions {
    private static final String MAY_READ_STATISTICS =
            "SELECT pg_has_role(current_user, 'pg_read_all_stats', 'USAGE'), quote_ident(current_user)";

    /**
     * A replica that has replayed everything does not lag, whatever was measured last. Logical subscribers are none: they
     * confirm when they like. The lag is null until it has been measured once, and for what replays nothing.
     */
    private static final String REPLICAS = """
            SELECT application_name, extract(epoch FROM
                CASE WHEN replay_lsn >= pg_current_wal_flush_lsn() THEN interval '0' ELSE replay_lag END)::float8 AS lag
            FROM pg_stat_replication r
            WHERE NOT EXISTS (SELECT FROM pg_replication_slots s WHERE s.active_pid = r.pid AND s.slot_type = 'logical')
            ORDER BY lag DESC NULLS LAST, application_name LIMIT 1
            """;

    /** The table, its partitions and what they keep out of line; autovacuum shows the name without quotes. */
    private static final String WRAPAROUND = """
            WITH RECURSIVE part(oid) AS (
                SELECT to_regclass(?)::oid
                UNION SELECT i.inhrelid FROM pg_inherits i JOIN part ON part.oid = i.inhparent
            ), relation AS (
                SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.oid IN (SELECT oid FROM part)
                    OR c.oid IN (SELECT t.reltoastrelid FROM pg_class t JOIN part ON part.oid = t.oid)
            )
            SELECT count(*) > 0 FROM pg_stat_activity a JOIN relation r ON a.query IN (
                'autovacuum: VACUUM ' || r.name || ' (to prevent wraparound)',
                'autovacuum: VACUUM ANALYZE ' || r.name || ' (to prevent wraparound)')
            WHERE a.backend_type = 'autovacuum worker' AND a.datname = current_database()
            """;

    private static final String ARCHIVING =
            "SELECT current_setting('archive_mode') <> 'off', quote_ident(current_user),"
                    + " has_function_privilege('pg_ls_archive_statusdir()', 'EXECUTE')";

    private static final String UNARCHIVED =
            "SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name ~ '^[0-9A-F]{24}[.]ready$'";

    private static final String BACKENDS = """
            SELECT count(*), current_setting('max_connections')::int FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND state = 'active' AND pid <> pg_backend_pid()
            """;

    /** The view of locks shows everybody's, to everybody. */
    private static final String LOCK_WAITS = """
            SELECT count(DISTINCT l.pid) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
            WHERE NOT l.granted AND a.datname = current_database()
            """;

    private TargetQuestions() {}

    /** @param seconds 0 when none lags */
    record Lag(String replica, double seconds) {}

    record Backends(long active, int most) {}

    static Found<Lag> replicaLag(Connection target) throws SQLException {
        try (Statement statement = target.createStatement();
                ResultSet replica = statement.executeQuery(REPLICAS)) {
            if (!replica.next()) {
                return Found.of(new Lag("", 0));
            }
            String name = String.valueOf(replica.getString(1));
            double lag = replica.getDouble(2);
            boolean measured = !replica.wasNull();
            String lacking = measured ? null : lackingRight(target);
            if (lacking != null) {
                return Found.unknown("there are replicas, and " + lacking);
            }
            return measured
                    ? Found.of(new Lag(name, lag))
                    : Found.unknown("the target has not measured yet how far the replica '" + name + "' is behind");
        }
    }

    static Found<Boolean> wraparound(Connection target, String table) throws SQLException {
        String lacking = lackingRight(target);
        if (lacking != null) {
            return Found.unknown(lacking);
        }
        try (PreparedStatement statement = target.prepareStatement(WRAPAROUND)) {
            statement.setString(1, SqlNames.table(table));
            try (ResultSet running = statement.executeQuery()) {
                running.next();
                return Found.of(running.getBoolean(1));
            }
        }
    }

    static Found<Long> unarchivedWal(Connection target) throws SQLException {
        try (Statement statement = target.createStatement()) {
            try (ResultSet archiving = statement.executeQuery(ARCHIVING)) {
                archiving.next();
                if (!archiving.getBoolean(1)) {
                    return Found.of(0L);
                }
                if (!archiving.getBoolean(3)) {
                    return Found.unknown("WAL is archived, and the target's user may not see how far: "
                            + grant(archiving.getString(2)));
                }
            }
            try (ResultSet waiting = statement.executeQuery(UNARCHIVED)) {
                waiting.next();
                return Found.of(waiting.getLong(1));
            }
        }
    }

    static Found<Backends> activeBackends(Connection target) throws SQLException {
        String lacking = lackingRight(target);
        if (lacking != null) {
            return Found.unknown(lacking);
        }
        try (Statement statement = target.createStatement();
                ResultSet backends = statement.executeQuery(BACKENDS)) {
            backends.next();
            return Found.of(new Backends(backends.getLong(1), backends.getInt(2)));
        }
    }

    static Found<Long> lockWaits(Connection target) throws SQLException {
        try (Statement statement = target.createStatement();
                ResultSet waiting = statement.executeQuery(LOCK_WAITS)) {
            waiting.next();
            return Found.of(waiting.getLong(1));
        }
    }

    /** The reason that a query of the plan's author gives; an empty text for none. */
    static Found<String> query(Connection target, String query) throws SQLException {
        try (Statement statement = target.createStatement()) {
            statement.setMaxRows(1);
            try (ResultSet answer = statement.executeQuery(query)) {
                String text = answer.next() ? answer.getString(1) : null;
                boolean no = text == null
                        || text.isBlank()
                        || text.equals("f")
                        || text.toLowerCase(Locale.ROOT).equals("false");
                return Found.of(no || text == null ? "" : text.strip());
            }
        }
    }

    /** Null when this user sees what others' sessions do. */
    private static @Nullable String lackingRight(Connection target) throws SQLException {
        try (Statement statement = target.createStatement();
                ResultSet right = statement.executeQuery(MAY_READ_STATISTICS)) {
            right.next();
            return right.getBoolean(1)
                    ? null
                    : "the target's user may not see what others' sessions do: " + grant(right.getString(2));
        }
    }

    private static String grant(@Nullable String user) {
        return "GRANT pg_monitor TO " + user;
    }
}
