package dev.backpop.stores.check;

import dev.backpop.plan.ColumnRule;
import dev.backpop.plan.Entity;
import dev.backpop.plan.Guard;
import dev.backpop.postgres.SqlFailure;
import dev.backpop.postgres.SqlNames;
import dev.backpop.target.TargetColumn;
import dev.backpop.target.TargetTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether an entity's target table takes its rows: key, columns that must be there, guard, triggers. */
final class TargetTableCheck {
    private static final String ABOUT = """
            SELECT c.relpersistence = 'u' AS unlogged, c.relkind = 'p' AS partitioned, row_security_active(c.oid) AS secured,
                (SELECT string_agg(t.tgname, ', ' ORDER BY t.tgname) FROM pg_trigger t WHERE t.tgrelid = c.oid
                    AND NOT t.tgisinternal AND NOT starts_with(t.tgname, 'backpop_live_touch_') AND t.tgenabled IN ('O', 'A') AND t.tgtype & 20 <> 0) AS triggers,
                (SELECT string_agg(r.rulename, ', ' ORDER BY r.rulename) FROM pg_rewrite r WHERE r.ev_class = c.oid
                    AND r.ev_type IN ('2', '3') AND r.ev_enabled IN ('O', 'A')) AS rules
            FROM pg_class c WHERE c.oid = to_regclass(?)
            """;

    private final Connection target;
    private final TargetTable table;
    private final Entity entity;
    private final String place;
    private final Findings findings;

    TargetTableCheck(Connection target, TargetTable table, Entity entity, Findings findings) {
        this.target = target;
        this.table = table;
        this.entity = entity;
        this.place = "entities." + entity.name();
        this.findings = findings;
    }

    void check() throws SQLException {
        unmappedColumns();
        findings.group(place + ".into.table", this::about);
    }

    private void unmappedColumns() {
        Set<String> mapped = entity.columns().stream().map(ColumnRule::column).collect(Collectors.toSet());
        for (TargetColumn column : table.columns()) {
            boolean needed = column.notNull() && !column.hasDefault() && !column.generated();
            if (needed && !mapped.contains(column.name())) {
                findings.error(
                        place + ".columns",
                        "the target's column '" + column.name()
                                + "' is NOT NULL without a default, and the plan does not map it, so that every row would be"
                                + " refused: map it, or give it a default");
            }
        }
    }

    private void about() throws SQLException {
        try (PreparedStatement statement = target.prepareStatement(ABOUT)) {
            statement.setString(1, table.sqlName());
            ResultSet found = statement.executeQuery();
            if (!found.next()) {
                return;
            }
            uniqueKey(found.getBoolean("partitioned"));
            if (found.getBoolean("unlogged")) {
                findings.warning(
                        place + ".into.table",
                        "is unlogged: a crash of the target empties it while the ledger says that its rows are there."
                                + " ALTER TABLE " + table.sqlName() + " SET LOGGED");
            }
            if (found.getBoolean("secured")) {
                findings.warning(
                        place + ".into.table",
                        "row-level security applies to this user: rows that a policy refuses become rejects, and rows that"
                                + " it hides look as if they were missing. Use the table's owner or a user with BYPASSRLS");
            }
            String triggers = found.getString("triggers");
            if (triggers != null) {
                findings.warning(
                        place + ".into.table",
                        "triggers will fire for every row that is written: " + triggers
                                + ". Check that they may, or disable them while the backfill runs");
            }
            String rules = found.getString("rules");
            if (rules != null) {
                findings.error(
                        place + ".into.table",
                        "has rules on INSERT or UPDATE (" + rules
                                + "), with which PostgreSQL refuses INSERT … ON CONFLICT: drop or disable them");
            }
        }
    }

    private void uniqueKey(boolean partitioned) {
        List<String> key = entity.into().key();
        if (table.uniqueKeys().contains(Set.copyOf(key))) {
            return;
        }
        String columns = key.stream().map(SqlNames::quoted).collect(Collectors.joining(", "));
        boolean primary = table.primaryKey().isEmpty();
        findings.error(
                place + ".into.key",
                "the target has no primary key or unique index over exactly (" + String.join(", ", key)
                        + "), which finds the rows that are there already: "
                        + (primary
                                ? "ALTER TABLE " + table.sqlName() + " ADD PRIMARY KEY (" + columns + ")"
                                : "CREATE UNIQUE INDEX " + (partitioned ? "" : "CONCURRENTLY ") + "ON "
                                        + table.sqlName() + " (" + columns + ")"));
    }

    /** Looks at the type of the version; whether the fence can be installed is a matter of rights. */
    void guard() throws SQLException {
        if (!(entity.guard() instanceof Guard.Version version)) {
            return;
        }
        Optional<TargetColumn> column = table.column(version.into());
        if (column.isEmpty()) {
            return;
        }
        String type = column.get().type().sqlName();
        try (Statement statement = target.createStatement()) {
            statement.executeQuery("SELECT NULL::" + type + " > NULL::" + type).close();
        } catch (SQLException e) {
            if (SqlFailure.of(e) != SqlFailure.PERMANENT) {
                throw e;
            }
            findings.error(
                    place + ".guard.version.into",
                    "column '" + version.into() + "' is of type "
                            + column.get().type().declared()
                            + ", which has no order, so no row can be newer: name a column that has one");
        }
    }
}
