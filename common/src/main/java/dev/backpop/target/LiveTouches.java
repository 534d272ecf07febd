package dev.backpop.target;

import dev.backpop.plan.Entity;
import dev.backpop.target.TouchStatus.State;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The triggers that record which keys of a target table other sessions touch, and the tables they record it in. Immutable
 * and thread-safe; each call works on the connection it is given.
 *
 * <p>While they are there, every statement of others that writes the target also writes its keys' touches. Sessions of
 * Backpop leave none. Writes past triggers ({@code session_replication_role}, {@code DISABLE TRIGGER}, a partition that is
 * attached or detached) are not seen, and neither is an update or delete that finds no row.
 *
 * <p>To be removed before a key column is renamed or changes its type, and installed again after: the function knows both
 * by name, and would make the statements of others fail.
 */
public final class LiveTouches {
    /** Long enough between two transactions of others, and short enough for them to wait behind us. */
    private static final String LOCK_TIMEOUT = "SET LOCAL lock_timeout = '2s'";

    private static final String RELATIONS =
            "SELECT to_regclass(?)::oid AS oid" + " UNION SELECT relid::oid FROM pg_partition_tree(to_regclass(?))";

    private static final String INSPECT = "WITH relation AS (" + RELATIONS + """
            ) SELECT to_regclass(?)::oid::bigint AS target, to_regnamespace('backpop') IS NOT NULL AS schema,
                obj_description(to_regclass(?), 'pg_class') AS comment, to_regclass(?) IS NOT NULL AS touches,
                to_regclass(?) IS NOT NULL AS marks, to_regproc(?) IS NOT NULL AS function,
                (SELECT count(*) FROM relation) AS relations,
                (SELECT count(*) FROM pg_trigger g JOIN relation ON relation.oid = g.tgrelid
                    WHERE g.tgfoid = to_regproc(?) AND g.tgenabled IN ('O', 'A')) AS triggers,
                pg_current_snapshot()::text AS snapshot
            """;

    private final TouchTable table;
    private final TouchSql sql;

    private LiveTouches(TouchTable table) {
        this.table = table;
        this.sql = new TouchSql(table);
    }

    /** @param table must hold the entity's key columns */
    public static LiveTouches of(String plan, Entity entity, TargetTable table) {
        return new LiveTouches(TouchTable.of(plan, entity, table));
    }

    private record Found(
            long target,
            boolean schema,
            @Nullable String comment,
            boolean tables,
            boolean anything,
            long triggersMissing,
            String snapshot) {}

    private Found inspect(Connection connection) throws SQLException {
        try (PreparedStatement inspect = connection.prepareStatement(INSPECT)) {
            List<String> names = List.of(
                    table.target(),
                    table.target(),
                    table.target(),
                    table.touches(),
                    table.touches(),
                    table.marks(),
                    table.function(),
                    table.function());
            for (int i = 0; i < names.size(); i++) {
                inspect.setString(i + 1, names.get(i));
            }
            ResultSet found = inspect.executeQuery();
            found.next();
            boolean touches = found.getBoolean("touches");
            boolean marks = found.getBoolean("marks");
            return new Found(
                    found.getLong("target"),
                    found.getBoolean("schema"),
                    found.getString("comment"),
                    touches && marks,
                    touches || marks || found.getBoolean("function"),
                    found.getLong("relations") * TouchSql.TRIGGERS_PER_TABLE - found.getLong("triggers"),
                    found.getString("snapshot"));
        }
    }

    private boolean fits(Found found) {
        return found.tables() && table.comment(found.target()).equals(found.comment());
    }

    private boolean complete(Found found) {
        return fits(found) && found.triggersMissing() == 0;
    }

    /** The statements that are missing; none when everything is installed. */
    public List<String> missing(Connection connection) throws SQLException {
        Found found = inspect(connection);
        if (complete(found)) {
            return List.of();
        }
        List<String> statements = new ArrayList<>();
        if (!found.schema()) {
            // Another process may make its ledger just now.
            statements.add("CREATE SCHEMA IF NOT EXISTS backpop");
        }
        if (found.anything()) {
            statements.add(sql.dropFunction());
        }
        if (!fits(found)) {
            if (found.anything()) {
                statements.addAll(sql.dropTables());
            }
            statements.addAll(sql.createTables(found.target()));
        }
        statements.addAll(sql.createFunction());
        for (String relation : relations(connection)) {
            statements.addAll(sql.createTriggers(relation));
        }
        // Whoever took a fence before must not trust it: touches may have been missed.
        statements.add(sql.mark("installed"));
        return statements;
    }

    private List<String> relations(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("WITH relation AS (" + RELATIONS
                + ") SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM relation"
                + " JOIN pg_class c USING (oid) JOIN pg_namespace n ON n.oid = c.relnamespace ORDER BY relation.oid")) {
            select.setString(1, table.target());
            select.setString(2, table.target());
            ResultSet found = select.executeQuery();
            List<String> names = new ArrayList<>();
            while (found.next()) {
                names.add(found.getString(1));
            }
            return names;
        }
    }

    /**
     * Installs what is missing, in a transaction of its own; any number of processes may do so at once. Waits two seconds
     * at most for those who write the table, since everybody else waits behind it.
     *
     * @return false when everything was there
     * @throws SQLException when it could not be, and nothing has changed
     */
    public boolean install(Connection connection) throws SQLException {
        return inTransaction(connection, () -> run(connection, missing(connection)));
    }

    /** The statements that remove everything; none when nothing is there. */
    public List<String> present(Connection connection) throws SQLException {
        List<String> statements = new ArrayList<>();
        if (inspect(connection).anything()) {
            statements.add(sql.dropFunction());
            statements.addAll(sql.dropTables());
        }
        return statements;
    }

    /**
     * Removes the triggers and forgets every touch, tombstones too, in a transaction of its own.
     *
     * @return false when nothing was there
     * @throws SQLException when it could not be, and nothing has changed
     */
    public boolean remove(Connection connection) throws SQLException {
        return inTransaction(connection, () -> run(connection, present(connection)));
    }

    public TouchStatus status(Connection connection) throws SQLException {
        Found found = inspect(connection);
        if (!found.tables()) {
            return new TouchStatus(
                    found.anything() ? State.INCOMPLETE : State.ABSENT, table.touches(), 0, 0, null, null);
        }
        try (Statement statement = connection.createStatement();
                ResultSet counted = statement.executeQuery("SELECT count(*) FILTER (WHERE NOT " + table.own("deleted")
                        + "), count(*) FILTER (WHERE " + table.own("deleted") + "), (SELECT touched_at FROM "
                        + table.marks() + " WHERE mark = 'installed'), (SELECT touched_at FROM " + table.marks()
                        + " WHERE mark = 'truncated') FROM " + table.touches())) {
            counted.next();
            boolean complete = complete(found);
            return new TouchStatus(
                    complete ? State.INSTALLED : State.INCOMPLETE,
                    table.touches(),
                    counted.getLong(1),
                    counted.getLong(2),
                    complete ? instant(counted, 3) : null,
                    instant(counted, 4));
        }
    }

    /**
     * How many keys others have touched since then, each once; empty where that is not known, because touches were not
     * recorded all the time, or somebody emptied the table.
     */
    public OptionalLong touchedSince(Connection connection, Instant since) throws SQLException {
        TouchStatus status = status(connection);
        Instant installed = status.installedAt();
        Instant truncated = status.truncatedAt();
        if (installed == null || installed.isAfter(since) || (truncated != null && truncated.isAfter(since))) {
            return OptionalLong.empty();
        }
        try (PreparedStatement count = connection.prepareStatement(
                "SELECT count(*) FROM " + table.touches() + " WHERE " + table.own("touched_at") + " >= ?")) {
            count.setObject(1, since.atOffset(ZoneOffset.UTC));
            ResultSet counted = count.executeQuery();
            counted.next();
            return OptionalLong.of(counted.getLong(1));
        }
    }

    private static @Nullable Instant instant(ResultSet found, int column) throws SQLException {
        OffsetDateTime time = found.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    /**
     * What is committed now; empty when touches are not recorded, so that nobody could tell what is newer.
     *
     * @param connection outside a transaction
     */
    public Optional<Fence> fence(Connection connection) throws SQLException {
        Found found = inspect(connection);
        return complete(found) ? Optional.of(new Fence(found.snapshot())) : Optional.empty();
    }

    private interface Work {
        boolean run() throws SQLException;
    }

    private boolean inTransaction(Connection connection, Work work) throws SQLException {
        boolean before = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try {
            run(
                    connection,
                    List.of(
                            LOCK_TIMEOUT,
                            "SELECT pg_advisory_xact_lock(hashtextextended('" + table.touches() + "', 0))"));
            boolean changed = work.run();
            connection.commit();
            return changed;
        } finally {
            connection.rollback();
            connection.setAutoCommit(before);
        }
    }

    private static boolean run(Connection connection, List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
        return !statements.isEmpty();
    }
}
