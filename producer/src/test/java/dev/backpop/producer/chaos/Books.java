package dev.backpop.producer.chaos;

import dev.backpop.testing.Database;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the target and its ledger say of a finished campaign, asked in SQL that uses none of our code.
 *
 * @param rows how many rows the target has, and a digest of them all
 * @param rejects how many rejects there are, of how many keys, and a digest of their keys and reasons
 * @param counts every counter of the chunks that are done, summed, and the keys of these chunks
 * @param chunksDone how many chunks are done, which differs from run to run
 * @param chunksNotDone how many are not
 * @param campaign state and hold reason
 */
record Books(
        String rows, String rejects, Map<String, Long> counts, long chunksDone, long chunksNotDone, String campaign) {
    /** What a backfill's keys come to. */
    private static final String TERMS = "rows_(written|unchanged|guarded|rejected|absent|excluded)";

    static Books of(Database database, String campaign) throws SQLException {
        String chunks = " FROM backpop.chunk WHERE campaign_id = '" + campaign + "' AND state ";
        Map<String, Long> counts = new TreeMap<>();
        for (String line : database.ask("SELECT counter.key, sum(counter.value::numeric) FROM (SELECT to_jsonb(chunk)"
                // Of the chunks that look at keys once more, the keys were counted before.
                + " || CASE WHEN pass = 'main' THEN '{}' ELSE '{\"key_count\": 0}' END::jsonb AS row"
                + chunks
                + "= 'done') AS done, jsonb_each_text(row) AS counter WHERE counter.key ~ '^(rows_|key_count$)'"
                + " GROUP BY counter.key")) {
            String[] counter = line.split("\\|", 2);
            counts.put(counter[0], Long.valueOf(counter[1]));
        }
        return new Books(
                database.ask("SELECT count(*), sum(hashtextextended(thing::text, 0)::numeric) FROM thing")
                        .get(0),
                database.ask(
                                "SELECT count(*), count(DISTINCT key), sum(hashtextextended(concat_ws(' ', key, stage, sqlstate,"
                                        + " column_name, message, source::text), 0)::numeric) FROM backpop.reject WHERE campaign_id = '"
                                        + campaign + "'")
                        .get(0),
                counts,
                Long.parseLong(
                        database.ask("SELECT count(*)" + chunks + "= 'done'").get(0)),
                Long.parseLong(database.ask("SELECT count(*)" + chunks + "NOT IN ('done', 'split')")
                        .get(0)),
                database.ask("SELECT state, hold_reason FROM backpop.campaign WHERE id = '" + campaign + "'")
                        .get(0));
    }

    long keys() {
        return counts.getOrDefault("key_count", 0L);
    }

    /** The keys whose end is counted. */
    long accountedFor() {
        return counts.entrySet().stream()
                .filter(count -> count.getKey().matches(TERMS))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** The names in Redis of what a backfill's keys come to. */
    static boolean isTerm(String field) {
        return field.replace('.', '_').matches(TERMS);
    }

    /** As Redis names the counters, those that are not zero. */
    Map<String, String> progress() {
        Map<String, String> fields = new TreeMap<>();
        counts.forEach((name, count) -> {
            if (name.startsWith("rows_") && count != 0) {
                fields.put(name.replace('_', '.'), Long.toString(count));
            }
        });
        fields.put("chunks.done", Long.toString(chunksDone));
        fields.put("keys.enumerated", Long.toString(keys()));
        return fields;
    }
}
