package dev.backpop.target;

import dev.backpop.plan.Entity;
import dev.backpop.postgres.SqlNames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * The names under which the touches of one entity are kept. Immutable.
 *
 * @param name of the table of touches and of the function that writes it, without schema, quotes or anything to quote
 * @param target the table whose touches they are, quoted, with its schema
 * @param keys the target's key columns, quoted, in key order
 * @param definition the key columns with their types, as they stand in {@code CREATE TABLE}
 */
record TouchTable(String name, String target, List<String> keys, String definition) {
    private static final int LONGEST_ENTITY = 24;

    TouchTable {
        keys = List.copyOf(keys);
    }

    static TouchTable of(String plan, Entity entity, TargetTable table) {
        List<String> definition = new ArrayList<>();
        for (String key : entity.into().key()) {
            TargetColumn column = table.column(key).orElseThrow();
            // Without the length, which the target holds to; with its collation, so that equal keys are equal here too.
            definition.add(SqlNames.quoted(key) + " " + column.type().sqlName()
                    + (column.collation().isEmpty() ? "" : " COLLATE " + column.collation()));
        }
        return new TouchTable(
                name(plan, entity.name()),
                table.sqlName(),
                TargetTable.keyColumns(entity),
                String.join(", ", definition));
    }

    /** One name for each entity of each plan, short enough for {@code _truncate} and the like behind it. */
    static String name(String plan, String entity) {
        String safe = entity.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
        CRC32 checksum = new CRC32();
        checksum.update((plan + '\n' + entity).getBytes(StandardCharsets.UTF_8));
        return String.format(
                Locale.ROOT,
                "live_touch_%s_%08x",
                safe.substring(0, Math.min(safe.length(), LONGEST_ENTITY)),
                checksum.getValue());
    }

    /** The table of touches, one row a key. */
    String touches() {
        return "backpop." + name;
    }

    /** The table of what concerns every key: when the triggers were installed, and when the target was truncated. */
    String marks() {
        return "backpop." + name + "_all";
    }

    /** The function of all triggers. */
    String function() {
        return "backpop." + name;
    }

    /** What a session that writes this entity's rows calls itself, so that the triggers leave it alone. */
    String session() {
        return "SET LOCAL backpop.session = '" + name + "'";
    }

    /** SQL for the files that hold the target's rows. They change when the table is rewritten, and with it every xmin. */
    String files() {
        String oid = "to_regclass(" + SqlNames.literal(target) + ")";
        return "(SELECT string_agg(relation.oid || ':' || pg_relation_filenode(relation.oid), ' ' ORDER BY relation.oid)"
                + " FROM (SELECT " + oid + "::oid AS oid UNION SELECT relid::oid FROM pg_partition_tree(" + oid
                + ")) AS relation WHERE pg_relation_filenode(relation.oid) IS NOT NULL)";
    }

    String keyList() {
        return String.join(", ", keys);
    }

    /** A column of the touches that is not of the key, quoted: a key column of that name keeps it. */
    String own(String column) {
        String quoted = SqlNames.quoted(column);
        return keys.contains(quoted) ? SqlNames.quoted("backpop_" + column) : quoted;
    }

    /** Says what the tables were made for; where this differs, what they hold is of no use. */
    String comment(long targetOid) {
        return "Backpop: who else touched " + target + " (" + targetOid + "), by (" + definition + ")";
    }
}
