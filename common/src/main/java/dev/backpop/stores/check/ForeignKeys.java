package dev.backpop.stores.check;

import dev.backpop.plan.ColumnRule;
import dev.backpop.plan.Entity;
import dev.backpop.plan.Plan;
import dev.backpop.postgres.SqlNames;
import dev.backpop.target.TargetTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether the tables that an entity's foreign keys point to are filled before it. */
final class ForeignKeys {
    private static final String FOREIGN_KEYS = """
            SELECT f.conname, n.nspname, c.relname,
                ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = f.conrelid AND a.attnum = ANY (f.conkey)
                    ORDER BY a.attnum) AS columns
            FROM pg_constraint f JOIN pg_class c ON c.oid = f.confrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE f.contype = 'f' AND f.conparentid = 0 AND f.confrelid <> f.conrelid AND f.conrelid = to_regclass(?)
            ORDER BY f.conname
            """;

    private final Plan plan;
    private final Map<String, TargetTable> tables;
    private final Findings findings;

    /** @param tables the target table of each entity that has one, by the entity's name */
    ForeignKeys(Plan plan, Map<String, TargetTable> tables, Findings findings) {
        this.plan = plan;
        this.tables = tables;
        this.findings = findings;
    }

    void check(Connection target, Entity entity, TargetTable table) throws SQLException {
        Set<String> above = above(entity.name());
        try (PreparedStatement statement = target.prepareStatement(FOREIGN_KEYS)) {
            statement.setString(1, table.sqlName());
            ResultSet found = statement.executeQuery();
            while (found.next()) {
                String referenced =
                        SqlNames.quoted(found.getString("nspname")) + "." + SqlNames.quoted(found.getString("relname"));
                List<String> columns =
                        List.of((String[]) found.getArray("columns").getArray());
                check(entity, above, found.getString("conname"), referenced, columns);
            }
        }
    }

    private void check(Entity entity, Set<String> above, String name, String referenced, List<String> columns) {
        String place = "entities." + entity.name() + ".parents";
        boolean written = entity.columns().stream().map(ColumnRule::column).anyMatch(columns::contains);
        List<String> parents = tables.entrySet().stream()
                .filter(known -> known.getValue().sqlName().equals(referenced)
                        && !known.getKey().equals(entity.name()))
                .map(Map.Entry::getKey)
                .toList();
        String key = "the target's foreign key " + name + " (" + String.join(", ", columns) + ") points to ";
        if (!written) {
            return;
        }
        if (parents.isEmpty()) {
            findings.note(
                    place,
                    key + referenced
                            + ", which no entity of this plan fills: its rows must be there already, or rows that"
                            + " point to missing ones are rejected with the reason 'parent absent'");
        }
        for (String parent : parents) {
            if (above.contains(parent)) {
                continue;
            }
            if (above(parent).contains(entity.name())) {
                findings.warning(
                        place,
                        key + "entity '" + parent + "', which itself comes after '" + entity.name()
                                + "': rows that point to rows not moved yet are deferred until these"
                                + " are there. Or leave the foreign key off until"
                                + " both are moved, or leave its columns out of the plan");
            } else {
                findings.error(
                        place,
                        key + "entity '" + parent + "', which is not above it: write parents: ["
                                + String.join(", ", with(entity.parents(), parent)) + "], so that it is moved first");
            }
        }
    }

    private static List<String> with(List<String> parents, String another) {
        Set<String> all = new HashSet<>(parents);
        all.add(another);
        return all.stream().sorted().toList();
    }

    private Set<String> above(String name) {
        Set<String> above = new HashSet<>();
        collect(name, above);
        return above;
    }

    private void collect(String name, Set<String> above) {
        plan.entity(name).ifPresent(entity -> {
            for (String parent : entity.parents()) {
                if (above.add(parent)) {
                    collect(parent, above);
                }
            }
        });
    }
}
