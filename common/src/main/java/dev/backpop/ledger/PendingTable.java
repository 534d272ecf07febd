package dev.backpop.ledger;

import dev.backpop.campaign.Discrepancy;
import dev.backpop.campaign.Sighting;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Table {@code discrepancy}, written: what looks saw, and what is to be looked at again. */
final class PendingTable {
    private static final int KEYS_IN_A_CHUNK = 1_000;
    /** In one statement, which must not take the minute that statements have. */
    private static final int MOST_AT_ONCE = 20_000;
    /** Pending ones that a further look is due for, and that no planned or failed chunk has. */
    private static final String DUE = " WHERE d.campaign_id = :id AND d.state = 'pending' AND d.checks < :looks"
            + " AND NOT EXISTS (SELECT FROM backpop.chunk AS c WHERE c.campaign_id = d.campaign_id"
            + " AND c.chunk_no = d.recheck_chunk AND c.state IN ('planned', 'failed'))";

    private static final String ADD =
            "INSERT INTO backpop.discrepancy (campaign_id, chunk_no, entity, key, kind, columns,"
                    + " cause, legacy_mark, target_mark, content, enumerated, state)"
                    // The last word on a key counts, and keys in order: two workers never wait for each other.
                    + " SELECT DISTINCT ON (key::jsonb) ?, nullif(?, 0), ?, key::jsonb, kind, columns::jsonb, cause, legacy_mark,"
                    + " target_mark, content, kind <> 'unexpected', ? FROM unnest(?, ?, ?, ?, ?, ?, ?) WITH ORDINALITY"
                    + " AS found(key, kind, columns, cause, legacy_mark, target_mark, content, place)"
                    + " ORDER BY key::jsonb, place DESC"
                    + " ON CONFLICT (campaign_id, key) DO UPDATE SET chunk_no = excluded.chunk_no, kind = excluded.kind,"
                    + " columns = excluded.columns, cause = excluded.cause, legacy_mark = excluded.legacy_mark,"
                    + " target_mark = excluded.target_mark, content = excluded.content, enumerated = excluded.enumerated,"
                    + " state = excluded.state, last_seen = now(), checks = 1";

    private static final String SETTLE = "UPDATE backpop.discrepancy AS d SET state = found.state, enumerated ="
            + " found.enumerated::boolean, last_seen = now(), checks = d.checks + 1,"
            + " kind = coalesce(found.kind, d.kind), columns = coalesce(found.columns::jsonb, d.columns),"
            + " cause = CASE WHEN found.kind IS NULL THEN d.cause ELSE found.cause END,"
            + " legacy_mark = coalesce(found.legacy_mark, d.legacy_mark),"
            + " target_mark = coalesce(found.target_mark, d.target_mark), content = found.content"
            + " FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " AS found(key, state, enumerated, kind, columns, cause, legacy_mark, target_mark, content)"
            + " WHERE d.campaign_id = ? AND d.recheck_chunk = ? AND d.state = 'pending' AND d.key = found.key::jsonb";

    private final LedgerDatabase database;

    PendingTable(LedgerDatabase database) {
        this.database = database;
    }

    static void add(
            Connection transaction,
            String id,
            int chunkNo,
            String entity,
            DiscrepancyState state,
            List<Sighting> sightings)
            throws SQLException {
        if (sightings.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = transaction.prepareStatement(ADD)) {
            statement.setString(1, id);
            statement.setInt(2, chunkNo);
            statement.setString(3, entity);
            statement.setString(4, state.word());
            int at = 5;
            for (@Nullable String[] column : seen(sightings)) {
                statement.setArray(at++, transaction.createArrayOf("text", column));
            }
            statement.executeUpdate();
        }
    }

    static void forget(Connection transaction, String id, int chunkNo) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(
                "DELETE FROM backpop.discrepancy WHERE campaign_id = ? AND chunk_no = ?")) {
            statement.setString(1, id);
            statement.setInt(2, chunkNo);
            statement.executeUpdate();
        }
    }

    static void settle(Connection transaction, String id, int chunkNo, List<Relook> looks) throws SQLException {
        if (looks.isEmpty()) {
            return;
        }
        List<@Nullable Sighting> sightings = new ArrayList<>();
        looks.forEach(look -> sightings.add(look.sighting()));
        List<@Nullable String[]> columns = new ArrayList<>(List.of(
                ChunkTable.column(looks, look -> Storable.jsonb(look.key())),
                ChunkTable.column(looks, look -> look.state().word()),
                ChunkTable.column(looks, look -> Boolean.toString(look.enumerated()))));
        List<@Nullable String[]> seen = seen(sightings);
        columns.addAll(seen.subList(1, seen.size()));
        try (PreparedStatement statement = transaction.prepareStatement(SETTLE)) {
            int at = 1;
            for (@Nullable String[] column : columns) {
                statement.setArray(at++, transaction.createArrayOf("text", column));
            }
            statement.setString(at++, id);
            statement.setInt(at, chunkNo);
            int settled = statement.executeUpdate();
            if (settled != looks.size()) {
                throw new IllegalStateException("chunk " + chunkNo + " of campaign " + id + " looked at " + looks.size()
                        + " pending discrepancies, of which " + settled + " are its own");
            }
        }
    }

    /** Key, kind, columns, cause, marks and content, each null where there is no sighting. */
    private static List<@Nullable String[]> seen(List<? extends @Nullable Sighting> sightings) {
        return List.of(
                ChunkTable.column(sightings, seen -> seen == null ? null : Storable.jsonb(seen.key())),
                ChunkTable.column(
                        sightings,
                        seen -> seen == null ? null : seen.discrepancy().kind().word()),
                ChunkTable.column(sightings, seen -> seen == null ? null : columns(seen.discrepancy())),
                ChunkTable.column(sightings, seen -> seen == null ? null : cause(seen.discrepancy())),
                ChunkTable.column(sightings, seen -> seen == null ? null : seen.legacyMark()),
                ChunkTable.column(sightings, seen -> seen == null ? null : seen.targetMark()),
                ChunkTable.column(sightings, seen -> seen == null ? null : seen.content()));
    }

    private static @Nullable String cause(Discrepancy discrepancy) {
        String cause = discrepancy.cause();
        return cause == null ? null : Storable.text(cause);
    }

    private static String columns(Discrepancy discrepancy) {
        List<Discrepancy.Difference> storable = new ArrayList<>();
        for (Discrepancy.Difference difference : discrepancy.columns()) {
            String legacy = difference.legacy();
            String target = difference.target();
            storable.add(new Discrepancy.Difference(
                    Storable.whole(difference.column()),
                    legacy == null ? null : Storable.whole(legacy),
                    target == null ? null : Storable.whole(target),
                    difference.cause()));
        }
        return Storable.JSON.writeValueAsString(storable);
    }

    Generation generation(String id, int looks) {
        return database.with(handle -> handle.createQuery(
                        "SELECT count(*) AS pending, coalesce(max(d.checks), 0) AS checks,"
                                + " coalesce(extract(epoch FROM clock_timestamp() - max(d.last_seen)) * 1000, 0)::bigint AS millis"
                                + " FROM backpop.discrepancy AS d" + DUE)
                .bind("id", id)
                .bind("looks", looks)
                .map((row, context) -> new Generation(
                        row.getLong("pending"),
                        row.getInt("checks"),
                        Duration.ofMillis(Math.max(0, row.getLong("millis")))))
                .one());
    }

    /** Appends a chunk for each thousand that are due, some chunks a transaction; how many chunks. */
    int plan(String id, int looks) {
        // What is looked at again while this goes on is of the next generation.
        String begin = database.with(handle -> handle.createQuery("SELECT clock_timestamp()::text")
                .mapTo(String.class)
                .one());
        int planned = 0;
        for (int some = planSome(id, looks, begin); some > 0; some = planSome(id, looks, begin)) {
            planned += some;
        }
        return planned;
    }

    private int planSome(String id, int looks, String begin) {
        return database.inTransaction(handle -> {
            CampaignTable.lock(handle, id);
            return handle.createQuery("WITH due AS MATERIALIZED (SELECT d.id, d.key FROM backpop.discrepancy AS d" + DUE
                            + " AND d.last_seen <= CAST(:begin AS timestamptz) ORDER BY d.id LIMIT :most),"
                            + " chosen AS MATERIALIZED (SELECT id, key,"
                            + " ((row_number() OVER (ORDER BY id) - 1) / :size)::int AS page FROM due),"
                            + " next AS (SELECT coalesce(max(chunk_no), 0) + 1 AS chunk_no FROM backpop.chunk"
                            + " WHERE campaign_id = :id),"
                            + " marked AS (UPDATE backpop.discrepancy AS d SET recheck_chunk = next.chunk_no + chosen.page"
                            + " FROM chosen, next WHERE d.id = chosen.id),"
                            + " planned AS (INSERT INTO backpop.chunk (campaign_id, chunk_no, keys, key_count, pass)"
                            + " SELECT :id, next.chunk_no + page, jsonb_agg(key ORDER BY chosen.id), count(*), 'recheck'"
                            + " FROM chosen, next GROUP BY next.chunk_no, page RETURNING 1)"
                            + " SELECT count(*) FROM planned")
                    .bind("id", id)
                    .bind("looks", looks)
                    .bind("begin", begin)
                    .bind("most", MOST_AT_ONCE)
                    .bind("size", KEYS_IN_A_CHUNK)
                    .mapTo(Integer.class)
                    .one();
        });
    }

    List<PendingDiscrepancy> of(String id, int chunkNo) {
        return database.with(handle -> handle.createQuery("SELECT key::text AS key, kind, enumerated, legacy_mark,"
                        + " target_mark FROM backpop.discrepancy WHERE campaign_id = :id AND recheck_chunk = :no"
                        + " AND state = 'pending' ORDER BY id")
                .bind("id", id)
                .bind("no", chunkNo)
                .map((row, context) -> new PendingDiscrepancy(
                        row.getString("key"),
                        Discrepancy.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                        row.getBoolean("enumerated"),
                        row.getString("legacy_mark"),
                        row.getString("target_mark")))
                .list());
    }
}
