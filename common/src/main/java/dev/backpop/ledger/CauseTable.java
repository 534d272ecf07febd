package dev.backpop.ledger;

import dev.backpop.campaign.Discrepancy;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Table {@code discrepancy}, explained: why whole rows are on one side only. */
final class CauseTable {
    /** Both keys, column by column, where a mismatch has both values. */
    private static final String BOTH_KEYS = "(SELECT jsonb_agg(jsonb_build_object('column', part.name,"
            + " 'legacy', found.legacy_key ->> (part.place::int - 1), 'target', found.target_key ->> (part.place::int - 1),"
            + " 'cause', NULL) ORDER BY part.place) FROM unnest(:names) WITH ORDINALITY AS part(name, place))";

    private static final String MOVED = "WITH pair AS (SELECT min(id) FILTER (WHERE kind = 'missing') AS missing,"
            + " min(id) FILTER (WHERE kind = 'unexpected') AS unexpected FROM backpop.discrepancy"
            + " WHERE campaign_id = :id AND state <> 'resolved' AND kind IN ('missing', 'unexpected')"
            + " AND content IS NOT NULL AND cause IS NULL GROUP BY content"
            // One of each: of several nobody knows which became which.
            + " HAVING count(*) FILTER (WHERE kind = 'missing') = 1 AND count(*) FILTER (WHERE kind = 'unexpected') = 1),"
            + " found AS (SELECT unnest(ARRAY[m.id, u.id]) AS id, m.key AS legacy_key, u.key AS target_key FROM pair"
            + " JOIN backpop.discrepancy AS m ON m.id = pair.missing"
            + " JOIN backpop.discrepancy AS u ON u.id = pair.unexpected)"
            + " UPDATE backpop.discrepancy AS d SET cause = CASE d.kind WHEN 'missing' THEN :missing ELSE :unexpected END,"
            + " columns = " + BOTH_KEYS + " FROM found WHERE d.id = found.id";

    private static final String COPIES = "UPDATE backpop.discrepancy AS d SET cause = :cause, columns = " + BOTH_KEYS
            + " FROM (SELECT original::jsonb AS legacy_key, copy::jsonb AS target_key"
            + " FROM unnest(:copies, :originals) AS pair(copy, original)) AS found WHERE d.campaign_id = :id"
            + " AND d.key = found.target_key AND d.kind = 'unexpected' AND d.state <> 'resolved' AND d.cause IS NULL";

    private static final String DEFERRED = "WITH newest AS (SELECT d.id, r.state, r.parent_table"
            + " FROM backpop.discrepancy AS d JOIN backpop.campaign AS own ON own.id = d.campaign_id"
            + " CROSS JOIN LATERAL (SELECT reject.state, reject.parent_table FROM backpop.reject"
            + " JOIN backpop.campaign ON campaign.id = reject.campaign_id WHERE reject.key = d.key"
            + " AND campaign.plan = own.plan AND campaign.entity = own.entity"
            + " AND campaign.kind IN ('backfill', 'repair') AND reject.state <> 'resolved'"
            + " ORDER BY reject.id DESC LIMIT 1) AS r"
            + " WHERE d.campaign_id = :id AND d.state <> 'resolved' AND d.kind = 'missing')"
            + " UPDATE backpop.discrepancy AS d SET cause = CASE newest.state WHEN 'deferred' THEN :deferred"
            + " ELSE :rejected END || coalesce(' in ' || newest.parent_table, '') FROM newest WHERE d.id = newest.id"
            + " AND (newest.state = 'deferred' OR newest.parent_table IS NOT NULL)";

    private final LedgerDatabase database;

    CauseTable(LedgerDatabase database) {
        this.database = database;
    }

    int moved(String id, List<String> keyColumns) {
        return database.with(handle -> handle.createUpdate(MOVED)
                .bind("id", id)
                .bind("names", LedgerDatabase.texts(keyColumns.toArray(new String[0])))
                .bind("missing", "its row stands under another key")
                .bind("unexpected", "the row of another key")
                .execute());
    }

    int copies(String id, Map<String, String> originals, List<String> keyColumns) {
        return database.with(handle -> handle.createUpdate(COPIES)
                .bind("id", id)
                .bind("names", LedgerDatabase.texts(keyColumns.toArray(new String[0])))
                .bind("copies", LedgerDatabase.texts(texts(originals.keySet())))
                .bind("originals", LedgerDatabase.texts(texts(originals.values())))
                .bind("cause", "a copy of another row")
                .execute());
    }

    int deferred(String id) {
        return database.with(handle -> handle.createUpdate(DEFERRED)
                .bind("id", id)
                .bind("deferred", "deferred by the backfill: waits for its parent")
                .bind("rejected", "rejected by the backfill: without its parent")
                .execute());
    }

    List<String> unexplained(String id, Discrepancy.Kind kind, int limit) {
        return database.with(handle -> handle.createQuery("SELECT key::text FROM backpop.discrepancy"
                        + " WHERE campaign_id = :id AND state <> 'resolved' AND kind = :kind AND cause IS NULL"
                        + " ORDER BY id LIMIT :limit")
                .bind("id", id)
                .bind("kind", kind.word())
                .bind("limit", limit)
                .mapTo(String.class)
                .list());
    }

    private static @Nullable String[] texts(Collection<String> keys) {
        return keys.stream().map(Storable::jsonb).toArray(String[]::new);
    }
}
