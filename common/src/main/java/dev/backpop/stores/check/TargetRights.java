package dev.backpop.stores.check;

import dev.backpop.plan.ColumnRule;
import dev.backpop.plan.Entity;
import dev.backpop.plan.Guard;
import dev.backpop.postgres.SqlNames;
import dev.backpop.target.TargetTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Whether the target's user may read and write an entity's columns. */
final class TargetRights {
    private static final String RIGHT = """
            SELECT current_user, coalesce(bool_and(has_column_privilege(to_regclass(?), a.attname, ?)), true)
            FROM pg_attribute a WHERE a.attrelid = to_regclass(?) AND a.attname = ANY (?) AND NOT a.attisdropped
            """;

    /** The triggers are installed when a backfill starts, unless they are there; its closing sweep removes rows. */
    private static final String TRIGGER = """
            SELECT current_user, has_table_privilege(to_regclass(?), 'TRIGGER') OR EXISTS (SELECT FROM pg_trigger
                WHERE tgrelid = to_regclass(?) AND starts_with(tgname, 'backpop_live_touch_')),
                has_table_privilege(to_regclass(?), 'DELETE')
            """;

    private TargetRights() {}

    static void check(Connection target, TargetTable table, Entity entity, Findings findings) throws SQLException {
        List<String> lacking = new ArrayList<>();
        List<String> needed = entity.guard() instanceof Guard.InsertOnly
                ? List.of("SELECT", "INSERT")
                : List.of("SELECT", "INSERT", "UPDATE");
        String user = "";
        for (String right : needed) {
            try (PreparedStatement statement = target.prepareStatement(RIGHT)) {
                statement.setString(1, table.sqlName());
                statement.setString(2, right);
                statement.setString(3, table.sqlName());
                statement.setArray(
                        4,
                        target.createArrayOf(
                                "text",
                                entity.columns().stream()
                                        .map(ColumnRule::column)
                                        .toArray()));
                ResultSet found = statement.executeQuery();
                found.next();
                user = found.getString(1);
                if (!found.getBoolean(2)) {
                    lacking.add(right);
                }
            }
        }
        if (entity.guard().recordsTouches()) {
            try (PreparedStatement statement = target.prepareStatement(TRIGGER)) {
                statement.setString(1, table.sqlName());
                statement.setString(2, table.sqlName());
                statement.setString(3, table.sqlName());
                ResultSet found = statement.executeQuery();
                found.next();
                user = found.getString(1);
                if (!found.getBoolean(2)) {
                    lacking.add("TRIGGER");
                }
                if (!found.getBoolean(3)) {
                    lacking.add("DELETE");
                }
            }
        }
        if (!lacking.isEmpty()) {
            findings.error(
                    "entities." + entity.name() + ".into.table",
                    "the target's user may not " + String.join(", ", lacking) + " here: GRANT "
                            + String.join(", ", lacking) + " ON " + table.sqlName() + " TO " + SqlNames.quoted(user));
        }
    }
}
