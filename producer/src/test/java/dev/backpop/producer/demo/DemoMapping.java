package dev.backpop.producer.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** An entity's mapping, read from the demo's plan by the shape of its lines, and PL/pgSQL that moves and compares by it. */
record DemoMapping(String entity, String key, Map<String, String> columns) {
    private static final Pattern KEY = Pattern.compile("    from: \\{ table: legacy\\.\\w+, key: (\\w+) }");
    private static final Pattern COLUMN = Pattern.compile("      (\\w+): (.+)");
    /** The legacy columns that SQL has to quote; the tool knows them from the legacy tables. */
    private static final Set<String> ODD = Set.of("user", "order", "Display Title", "Price USD", "Body Text");

    static DemoMapping of(String entity) {
        String key = "";
        Map<String, String> columns = new LinkedHashMap<>();
        String current = "";
        for (String line : DemoPlan.text().lines().toList()) {
            if (line.matches("  \\w+:")) {
                current = line.strip().replace(":", "");
            }
            Matcher from = KEY.matcher(line);
            Matcher column = COLUMN.matcher(line);
            if (current.equals(entity) && from.matches()) {
                key = from.group(1);
            } else if (current.equals(entity) && column.matches()) {
                String text = column.group(2);
                columns.put(column.group(1), ODD.contains(text) ? '"' + text + '"' : text);
            }
        }
        return new DemoMapping(entity, key, columns);
    }

    /** Guard insert-only, one row at a time in key order, every refusal noted. */
    String moveRowByRow() {
        return loop("""
                IF EXISTS (SELECT 1 FROM discussions.%1$s WHERE id = k) THEN
                    INSERT INTO outcome SELECT '%1$s', k, CASE WHEN (%3$s) IS NOT DISTINCT FROM (%4$s)
                        THEN 'unchanged' ELSE 'guarded' END FROM legacy.%1$s l JOIN discussions.%1$s t ON t.id = k WHERE %2$s = k;
                ELSE
                    INSERT INTO discussions.%1$s (%5$s) SELECT %3$s FROM legacy.%1$s l WHERE %2$s = k;
                    INSERT INTO outcome VALUES ('%1$s', k, 'written');
                END IF;""", "rejected");
    }

    /** One row at a time; of a mismatch, the columns that differ. */
    String compareRowByRow() {
        List<String> differing = new ArrayList<>();
        columns.forEach((column, expression) -> differing.add("CASE WHEN (" + qualified(expression)
                + ") IS DISTINCT FROM t." + column + " THEN '" + column + "' END"));
        return loop("""
                INSERT INTO outcome SELECT '%1$s', k, CASE WHEN t.id IS NULL THEN 'missing' WHEN d.names = '' THEN 'matched'
                    ELSE 'mismatched' END, d.names
                FROM legacy.%1$s l LEFT JOIN discussions.%1$s t ON t.id = k
                CROSS JOIN LATERAL (SELECT concat_ws(',', %6$s) AS names) d WHERE l.%2$s = k;""".replace("%6$s", String.join(", ", differing).replace("%", "%%")), "unverifiable");
    }

    private String loop(String body, String refused) {
        String expressions = columns.values().stream().map(this::qualified).collect(Collectors.joining(", "));
        String targets = columns.keySet().stream().map(column -> "t." + column).collect(Collectors.joining(", "));
        String names = String.join(", ", columns.keySet());
        String step = String.format(body, entity, key, expressions, targets, names);
        return "DO $do$ DECLARE k legacy." + entity + "." + key + "%TYPE; BEGIN FOR k IN SELECT " + key
                + " FROM legacy."
                + entity + " ORDER BY 1 LOOP BEGIN\n" + step
                + "\nEXCEPTION WHEN OTHERS THEN INSERT INTO outcome VALUES ('"
                + entity + "', k, '" + refused + "', SQLSTATE); END; END LOOP; END $do$";
    }

    /** The expression with its legacy columns marked as such, because the target's have the same names. */
    private String qualified(String expression) {
        return expression.replaceAll(
                "(?<![\\w.:'/\\[\"])(\"[^\"]+\"|id36|name|public_description|over18|subscribers|created|post_id|channel_id"
                        + "|title|score|status|body_html|tags|meta|edited_epoch|comment_id|parent_id|removed"
                        + "|created_epoch)(?!\\w)",
                "l.$1");
    }
}
