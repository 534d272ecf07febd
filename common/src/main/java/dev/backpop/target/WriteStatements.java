package dev.backpop.target;

import dev.backpop.plan.Entity;
import dev.backpop.plan.Guard;
import dev.backpop.postgres.SqlNames;
import dev.backpop.row.RowShape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The SQL that writes an entity's rows.
 *
 * @param createStage makes the session's staging table where it is not there yet
 * @param stageColumns the staging table and its columns, for COPY
 * @param upsert writes what is new or changed and may be overwritten; answers with one row: written, unchanged, staged
 * @param emptyStage makes room for the next batch of the same transaction
 * @param fence what the fence guard adds; null for the other guards
 * @param isolation writes staged rows one by one
 */
record WriteStatements(
        String createStage,
        String stageColumns,
        String upsert,
        String emptyStage,
        @Nullable FenceStatements fence,
        RowIsolation isolation) {
    /** Types that round to a precision, and their arrays. */
    private static final List<String> ROUNDED = List.of("numeric", "time", "interval");
    /** text, varchar, char, name and their arrays. */
    private static final Set<Integer> TEXTS = Set.of(25, 1043, 1042, 19, 1009, 1015, 1014, 1003);
    /**
     * Types whose equality is that of their values: boolean, bytea, integers, floats, numeric, money, uuid, dates and times,
     * network addresses, bits, jsonb; then arrays of them.
     */
    private static final Set<Integer> EXACT = Set.of(
            16, 17, 20, 21, 23, 26, 700, 701, 790, 829, 869, 650, 774, 1082, 1083, 1114, 1184, 1266, 1560, 1562, 1700,
            2950, 3802, 1000, 1001, 1005, 1007, 1016, 1021, 1022, 1115, 1182, 1183, 1185, 1231, 1270, 2951, 3807);

    /**
     * @param guard the rule by which rows are overwritten
     * @param rule what a touch by others forbids; null when nobody looks at touches
     */
    static WriteStatements of(
            String plan, Entity entity, TargetTable table, RowShape shape, Guard guard, @Nullable TouchRule rule) {
        List<TargetColumn> columns = new ArrayList<>();
        for (RowShape.Column column : shape.columns()) {
            columns.add(table.column(column.name()).orElseThrow());
        }
        List<String> names =
                columns.stream().map(column -> SqlNames.quoted(column.name())).toList();
        List<String> keys = TargetTable.keyColumns(entity);
        String definition = definition(columns, shape);
        String digest = digest(table.sqlName() + definition);
        String stage = SqlNames.quoted("backpop_stage_" + digest);
        String columnList = "(" + String.join(", ", names) + ")";
        List<String> typed = typed(shape, "");
        List<String> typedOne = typed(shape, RowIsolation.ROW + ".");
        String join = keys.stream().map(key -> "t." + key + " = s." + key).collect(Collectors.joining(" AND "));
        FenceStatements fence = rule == null
                ? null
                : FenceStatements.of(
                        rule,
                        TouchTable.of(plan, entity, table),
                        table,
                        stage,
                        typed,
                        join,
                        qualify(differs(columns, keys), "s"));
        return new WriteStatements(
                "CREATE TEMPORARY TABLE IF NOT EXISTS " + stage + " (" + RowIsolation.PLACE + " int, " + definition
                        + ") ON COMMIT DELETE ROWS",
                "pg_temp." + stage + " " + columnList,
                upsert(guard, table, from(typed, " FROM pg_temp." + stage), join, columns, names, keys),
                "TRUNCATE pg_temp." + stage,
                fence,
                RowIsolation.of(
                        columns,
                        shape,
                        stage,
                        SqlNames.quoted("backpop_apart_" + digest),
                        upsert(guard, table, from(typedOne, ""), join, columns, names, keys)));
    }

    private static String definition(List<TargetColumn> columns, RowShape shape) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            TargetColumn column = columns.get(i);
            boolean viaText = shape.columns().get(i).type().viaText();
            // The target's own collation, because two different ones cannot be compared.
            String collation = viaText || column.collation().isEmpty() ? "" : " COLLATE " + column.collation();
            parts.add(SqlNames.quoted(column.name()) + " "
                    + shape.columns().get(i).type().transferName() + collation);
        }
        return String.join(", ", parts);
    }

    /** The staged columns in their target types, for a select list. */
    private static List<String> typed(RowShape shape, String qualifier) {
        List<String> typed = new ArrayList<>();
        for (RowShape.Column column : shape.columns()) {
            String name = SqlNames.quoted(column.name());
            String value = qualifier + name;
            typed.add((column.type().viaText()
                            ? "CAST(" + value + " AS " + column.type().sqlName() + ")"
                            : value) + " AS " + name);
        }
        return typed;
    }

    private static String from(List<String> typed, String relation) {
        return "SELECT " + String.join(", ", typed) + relation;
    }

    private static String upsert(
            Guard guard,
            TargetTable table,
            String source,
            String join,
            List<TargetColumn> columns,
            List<String> names,
            List<String> keys) {
        String differs = differs(columns, keys);
        String allowed = allowed(guard);
        String assignments = columns.stream()
                .filter(column -> changes(column, keys))
                .map(column -> SqlNames.quoted(column.name()))
                .map(name -> name + " = excluded." + name)
                .collect(Collectors.joining(", "));
        String onConflict = guard instanceof Guard.InsertOnly || assignments.isEmpty()
                ? "DO NOTHING"
                : "DO UPDATE SET " + assignments + " WHERE (" + qualify(differs, "excluded") + ") AND ("
                        + qualify(allowed, "excluded") + ")";
        String overriding = columns.stream().anyMatch(TargetColumn::alwaysIdentity) ? " OVERRIDING SYSTEM VALUE" : "";
        String list = String.join(", ", names);
        return "WITH s AS MATERIALIZED (" + source + "), "
                + "verdict AS MATERIALIZED (SELECT s.*, CASE WHEN t." + keys.get(0) + " IS NULL THEN 'new' WHEN NOT ("
                + qualify(differs, "s") + ") THEN 'unchanged' WHEN " + qualify(allowed, "s")
                + " THEN 'changed' ELSE 'guarded' END AS \"backpop verdict\" FROM s LEFT JOIN " + table.sqlName()
                + " AS t ON " + join + "), "
                + "written AS (INSERT INTO " + table.sqlName() + " AS t (" + list + ")" + overriding + " SELECT " + list
                + " FROM verdict WHERE \"backpop verdict\" IN ('new', 'changed') ORDER BY " + String.join(", ", keys)
                + " ON CONFLICT (" + String.join(", ", keys) + ") " + onConflict + " RETURNING 1) "
                + "SELECT (SELECT count(*) FROM written), count(*) FILTER (WHERE \"backpop verdict\" = 'unchanged'),"
                + " count(*) FROM verdict";
    }

    /** Stands for the row that comes in, whose name differs by place: {@code s} in the join, {@code excluded} after. */
    private static final String INCOMING = "\u0001";

    private static String qualify(String condition, String incoming) {
        return condition.replace(INCOMING, incoming);
    }

    private static String allowed(Guard guard) {
        if (guard instanceof Guard.InsertOnly) {
            return "false";
        }
        if (guard instanceof Guard.Version version) {
            String column = SqlNames.quoted(version.into());
            return "t." + column + " IS NULL OR " + INCOMING + "." + column + " > t." + column;
        }
        // What the fence forbids has left the staging table before.
        return "true";
    }

    private static String differs(List<TargetColumn> columns, List<String> keys) {
        String conditions = columns.stream()
                .filter(column -> changes(column, keys))
                .map(WriteStatements::differs)
                .collect(Collectors.joining(" OR "));
        return conditions.isEmpty() ? "false" : conditions;
    }

    /** An identity column that is GENERATED ALWAYS can be inserted but never updated. */
    private static boolean changes(TargetColumn column, List<String> keys) {
        return !column.alwaysIdentity() && !keys.contains(SqlNames.quoted(column.name()));
    }

    private static String differs(TargetColumn column) {
        String name = SqlNames.quoted(column.name());
        String incoming = INCOMING + "." + name;
        if (ROUNDED.stream().anyMatch(column.type().sqlName()::startsWith)) {
            // The target rounds to its precision when it stores, so compare with what it would store.
            incoming = "CAST(" + incoming + " AS " + column.type().declared() + ")";
        }
        return comparable(column, "t." + name) + " IS DISTINCT FROM " + comparable(column, incoming);
    }

    private static String comparable(TargetColumn column, String value) {
        int oid = column.type().oid();
        if (TEXTS.contains(oid)) {
            // By code point, whatever the collation forgives.
            return value + " COLLATE \"C\"";
        }
        // Other types have no equality, or one that forgives: a day for 24 hours, an area for a box, case in citext.
        return EXACT.contains(oid) ? value : value + "::text COLLATE \"C\"";
    }

    private static String digest(String text) {
        CRC32 checksum = new CRC32();
        checksum.update(text.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(checksum.getValue());
    }
}
