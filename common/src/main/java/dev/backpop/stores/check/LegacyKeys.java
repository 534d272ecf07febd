package dev.backpop.stores.check;

import dev.backpop.legacy.jdbc.LegacyRelation;
import dev.backpop.plan.Entity;
import dev.backpop.plan.From;
import dev.backpop.postgres.KeyConditions;
import dev.backpop.postgres.SqlFailure;
import dev.backpop.postgres.SqlNames;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whether an entity's legacy key names every row once, and whether rows can be read in its order. For one thread. */
final class LegacyKeys {
    private static final int SHOWN = 3;

    /** Below this, sorting for every range costs nothing that anybody notices. */
    private static final long MANY_ROWS = 10_000;

    /** A child table of plain inheritance is outside of its parent's indexes. */
    private static final String CONSTRAINTS = """
            SELECT NOT EXISTS (SELECT FROM unnest(?::text[]) AS k WHERE NOT EXISTS (
                    SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = k AND a.attnotnull)) AS not_null,
                (SELECT CASE WHEN i.indisprimary THEN 'primary key' ELSE 'unique index' END FROM pg_index i
                    WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
                    AND NOT EXISTS (SELECT FROM unnest(i.indkey[0:i.indnkeyatts - 1]) AS part
                        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = part WHERE a.attname <> ALL (?::text[]))
                    ORDER BY i.indisprimary DESC LIMIT 1) AS by
            FROM pg_class c WHERE c.oid = to_regclass(?) AND c.relkind IN ('r', 'p', 'm')
                AND (c.relkind <> 'r' OR NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhparent = c.oid))
            """;

    private final Connection legacy;
    private final Entity entity;
    private final LegacyRelation relation;
    private final List<String> expressions;
    private final KeyConditions key;
    private final Findings findings;
    private final String place;

    LegacyKeys(
            Connection legacy,
            Entity entity,
            LegacyRelation relation,
            List<String> expressions,
            KeyConditions key,
            Findings findings) {
        this.legacy = legacy;
        this.entity = entity;
        this.relation = relation;
        this.expressions = List.copyOf(expressions);
        this.key = key;
        this.findings = findings;
        this.place = "entities." + entity.name() + ".from.key";
    }

    /**
     * @param columns what to measure in the same reading
     * @param ordered whether the key has an order to look for
     * @return how many keys there are, or roughly when nothing is measured; null when that is not known
     */
    @Nullable
    Long check(boolean measure, List<MeasuredColumn> columns, boolean ordered) throws SQLException {
        String constraint = constraint();
        Long estimate = explain(relation.select("1", "true"))
                .path(0)
                .path("Plan")
                .path("Plan Rows")
                .asLong();
        if (ordered) {
            findings.group(place, () -> order(estimate));
        }
        String names = String.join(", ", entity.from().key());
        if (!measure) {
            findings.note(place, "values were not measured (--no-measure)");
            if (constraint == null) {
                findings.warning(
                        place,
                        "no constraint makes (" + names
                                + ") unique and not null, and it was not measured: check without --no-measure");
            }
            findings.ok(
                    place, "about " + estimate + " keys by " + (constraint == null ? "" : constraint + " ") + names);
            return estimate;
        }
        boolean unique = constraint != null || unique();
        String keyText = expressions.size() == 1
                ? "(" + expressions.get(0) + ")::text"
                : expressions.stream()
                        .map(expression -> "(" + expression + ")::text")
                        .collect(Collectors.joining(", ", "concat_ws(', ', ", ")"));
        OptionalLong rows = new Measurement(legacy, relation, keyText, nullCondition(), findings).run(place, columns);
        if (unique && rows.isPresent()) {
            findings.ok(
                    place,
                    rows.getAsLong() + " keys by " + (constraint == null ? "measured " : constraint + " ") + names);
        }
        return rows.isPresent() ? rows.getAsLong() : null;
    }

    private String nullCondition() {
        return expressions.stream()
                .map(expression -> "(" + expression + ") IS NULL")
                .collect(Collectors.joining(" OR ", "(", ")"));
    }

    /** What of the catalogue makes the key unique and not null; null when nothing does. */
    private @Nullable String constraint() throws SQLException {
        if (!(entity.from() instanceof From.Table table)
                || !entity.from().key().stream().allMatch(relation::isColumn)) {
            return null;
        }
        try (PreparedStatement statement = legacy.prepareStatement(CONSTRAINTS)) {
            Array names = legacy.createArrayOf("text", entity.from().key().toArray());
            statement.setArray(1, names);
            statement.setArray(2, names);
            statement.setString(3, SqlNames.table(table.table()));
            ResultSet found = statement.executeQuery();
            return found.next() && found.getBoolean("not_null") ? found.getString("by") : null;
        }
    }

    private boolean unique() throws SQLException {
        String sql = relation.select(key.selectTexts() + ", count(*)", "NOT " + nullCondition()) + " GROUP BY "
                + String.join(", ", expressions) + " HAVING count(*) > 1 LIMIT " + SHOWN;
        List<String> duplicates = new ArrayList<>();
        try (Statement statement = legacy.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            while (found.next()) {
                List<String> parts = new ArrayList<>();
                for (int i = 1; i <= expressions.size(); i++) {
                    parts.add(found.getString(i));
                }
                duplicates.add(String.join(", ", parts) + " (" + found.getLong(expressions.size() + 1) + " times)");
            }
        } catch (SQLException e) {
            if (Measurement.timedOut(e)) {
                findings.warning(
                        place,
                        "uniqueness could not be measured within the statement timeout of a minute: make sure that no key"
                                + " comes twice, best by a unique index");
                return false;
            }
            if (SqlFailure.of(e) == SqlFailure.ROW) {
                // The measurement fails on the same row, and says so.
                return false;
            }
            throw e;
        }
        if (duplicates.isEmpty()) {
            return true;
        }
        findings.error(
                place,
                "is not unique: " + String.join("; ", duplicates)
                        + ". A key must name one row: add columns to it, or leave rows out with a condition");
        return false;
    }

    /** Whether ranges can be read in key order; sorting is made so dear that a plan only sorts when it must. */
    private void order(long estimate) throws SQLException {
        if (estimate <= MANY_ROWS) {
            return;
        }
        boolean sorts;
        legacy.setAutoCommit(false);
        try (Statement statement = legacy.createStatement()) {
            statement.execute("SET LOCAL enable_sort = off");
            JsonNode plan =
                    explain(relation.select(key.selectTexts(), "true") + " ORDER BY " + key.order() + " LIMIT 1000");
            sorts = sorts(plan.path(0).path("Plan"));
        } finally {
            legacy.rollback();
            legacy.setAutoCommit(true);
        }
        if (!sorts) {
            return;
        }
        String what = "no index gives about " + estimate
                + " rows in key order, so that every range is sorted out of all of" + " them: ";
        findings.warning(
                place,
                entity.from() instanceof From.Table table
                        ? what + "CREATE INDEX CONCURRENTLY ON " + SqlNames.table(table.table()) + " (" + key.order()
                                + ") in the legacy database (for a view, on the table under it)"
                        : what + "index the query's table by " + key.order() + ", so that the query can use it");
    }

    private static boolean sorts(JsonNode plan) {
        JsonNode node = plan;
        while (!node.path("Node Type").asString("").equals("Sort")) {
            if (node.path("Plans").size() != 1) {
                return false;
            }
            node = node.path("Plans").path(0);
        }
        return true;
    }

    private JsonNode explain(String sql) throws SQLException {
        try (Statement statement = legacy.createStatement();
                ResultSet plan = statement.executeQuery("EXPLAIN (FORMAT JSON) " + sql)) {
            plan.next();
            return JsonMapper.shared().readTree(plan.getString(1));
        }
    }
}
