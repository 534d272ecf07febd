package dev.backpop.target;

import dev.backpop.plan.Entity;
import dev.backpop.plan.Guard;
import dev.backpop.postgres.SqlNames;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.row.RowShape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/**
 * The SQL that writes an entity's rows.
 *
 * @param createStage makes the session's staging table where it is not there yet
 * @param stageColumns the staging table and its columns, for COPY
 * @param upsert writes what is new or changed and may be overwritten; answers with one row: written, unchanged, staged
 * @param emptyStage makes room for the next batch of the same transaction
 */
record WriteStatements(String createStage, String stageColumns, String upsert, String emptyStage) {
    private static final int NUMERIC_OID = 1700;

    static WriteStatements of(Entity entity, TargetTable table, RowShape shape) {
        List<TargetColumn> columns = new ArrayList<>();
        for (RowShape.Column column : shape.columns()) {
            columns.add(table.column(column.name()).orElseThrow());
        }
        List<String> names =
                columns.stream().map(column -> SqlNames.quoted(column.name())).toList();
        List<String> keys = TargetTable.keyColumns(entity);
        String definition = definition(columns, shape);
        String stage = SqlNames.quoted("backpop_stage_" + digest(table.sqlName() + definition));
        String columnList = "(" + String.join(", ", names) + ")";
        return new WriteStatements(
                "CREATE TEMPORARY TABLE IF NOT EXISTS " + stage + " (" + definition + ") ON COMMIT DELETE ROWS",
                "pg_temp." + stage + " " + columnList,
                upsert(entity, table, shape, columns, names, keys, stage),
                "TRUNCATE pg_temp." + stage);
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

    private static String upsert(
            Entity entity,
            TargetTable table,
            RowShape shape,
            List<TargetColumn> columns,
            List<String> names,
            List<String> keys,
            String stage) {
        List<String> typed = new ArrayList<>();
        for (RowShape.Column column : shape.columns()) {
            String name = SqlNames.quoted(column.name());
            typed.add(
                    column.type().viaText()
                            ? "CAST(" + name + " AS " + column.type().sqlName() + ") AS " + name
                            : name);
        }
        String join = keys.stream().map(key -> "t." + key + " = s." + key).collect(Collectors.joining(" AND "));
        String differs = differs(columns, keys);
        String allowed = allowed(entity.guard());
        String assignments = names.stream()
                .filter(name -> !keys.contains(name))
                .map(name -> name + " = excluded." + name)
                .collect(Collectors.joining(", "));
        String onConflict = entity.guard() instanceof Guard.InsertOnly || assignments.isEmpty()
                ? "DO NOTHING"
                : "DO UPDATE SET " + assignments + " WHERE (" + qualify(differs, "excluded") + ") AND ("
                        + qualify(allowed, "excluded") + ")";
        String overriding = columns.stream().anyMatch(TargetColumn::alwaysIdentity) ? " OVERRIDING SYSTEM VALUE" : "";
        String list = String.join(", ", names);
        return "WITH s AS MATERIALIZED (SELECT " + String.join(", ", typed) + " FROM pg_temp." + stage + "), "
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
        if (guard instanceof Guard.Overwrite) {
            return "true";
        }
        if (guard instanceof Guard.InsertOnly) {
            return "false";
        }
        if (guard instanceof Guard.Version version) {
            String column = SqlNames.quoted(version.into());
            return "t." + column + " IS NULL OR " + INCOMING + "." + column + " > t." + column;
        }
        throw new InvalidInputException(
                "guard: the fence, which is the default, is not available in this version: write"
                        + " 'guard: insert-only', 'guard: overwrite' or 'guard: { version: … }' for each entity");
    }

    private static String differs(List<TargetColumn> columns, List<String> keys) {
        String conditions = columns.stream()
                .filter(column -> !keys.contains(SqlNames.quoted(column.name())))
                .map(WriteStatements::differs)
                .collect(Collectors.joining(" OR "));
        return conditions.isEmpty() ? "false" : conditions;
    }

    private static String differs(TargetColumn column) {
        String name = SqlNames.quoted(column.name());
        int oid = column.type().oid();
        Function<String, String> comparable = switch (oid) {
            // No equality of their own, or one that forgives: by text.
            case 114, 142, 600, 601, 602, 603, 604, 628, 718 -> value -> value + "::text";
            // By code point, whatever the collation forgives.
            case 25, 1043, 1042, 19 -> value -> value + " COLLATE \"C\"";
            default -> value -> value;
        };
        String incoming = INCOMING + "." + name;
        if (oid == NUMERIC_OID || column.type().sqlName().startsWith("time")) {
            // The target rounds to its precision when it stores, so compare with what it would store.
            incoming = "CAST(" + incoming + " AS " + column.type().declared() + ")";
        }
        return comparable.apply("t." + name) + " IS DISTINCT FROM " + comparable.apply(incoming);
    }

    private static String digest(String text) {
        CRC32 checksum = new CRC32();
        checksum.update(text.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(checksum.getValue());
    }
}
