package dev.backpop.ledger;

import dev.backpop.campaign.Counter;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Rejects that are tried again: which ones, in which chunks, and which never will be. */
final class ReplayTable {
    private static final int KEYS_IN_A_CHUNK = 1_000;
    /** A row that is refused again and again although its parent is there is left to people. */
    private static final int MOST_TRIES = 20;
    /** Such as wait for their parent, and such as were given up because it would not come. */
    private static final String WITHOUT_PARENT =
            "(r.state = 'deferred' OR (r.state = 'rejected' AND r.parent_key IS NOT NULL))";
    /** Such as wait for a parent whose key could not be told are tried once more, at the end. */
    private static final String UNTOLD = "r.state = 'deferred' AND r.parent_key IS NULL AND r.tries < 2";

    private final LedgerDatabase database;

    ReplayTable(LedgerDatabase database) {
        this.database = database;
    }

    int planAll(String id) {
        return database.inTransaction(handle -> plan(handle, id, "true", ""));
    }

    int planArrived(String id, String constraint, String parentIsThere, boolean givenUpToo) {
        String waiting = givenUpToo ? WITHOUT_PARENT : "r.state = 'deferred'";
        return database.inTransaction(handle -> plan(
                handle,
                id,
                waiting + " AND r.tries < " + MOST_TRIES + " AND r.constraint_name = :what AND " + parentIsThere,
                constraint));
    }

    int planUntold(String id) {
        return database.inTransaction(handle -> plan(handle, id, UNTOLD, ""));
    }

    boolean arrived(String id, String constraint, String parentIsThere) {
        return database.with(handle -> handle.createQuery("SELECT EXISTS (SELECT FROM backpop.reject AS r"
                        + " WHERE r.campaign_id = :id AND " + WITHOUT_PARENT + " AND r.tries < " + MOST_TRIES
                        + " AND r.constraint_name = :constraint AND "
                        + parentIsThere + ")")
                .bind("id", id)
                .bind("constraint", constraint)
                .mapTo(Boolean.class)
                .one());
    }

    List<String> campaigns(String plan) {
        return database.with(handle -> handle.createQuery("SELECT id FROM backpop.campaign WHERE plan = :plan"
                        + " AND EXISTS (SELECT FROM backpop.reject AS r WHERE r.campaign_id = campaign.id AND "
                        + WITHOUT_PARENT + ") ORDER BY created_at, id")
                .bind("plan", plan)
                .mapTo(String.class)
                .list());
    }

    /** Appends a chunk for each thousand rejects that no planned chunk has yet; how many chunks. */
    private static int plan(Handle handle, String id, String condition, String what) {
        CampaignTable.lock(handle, id);
        return handle.createQuery("WITH chosen AS MATERIALIZED (SELECT r.id, r.key,"
                        + " ((row_number() OVER (ORDER BY r.id) - 1) / :size)::int AS page FROM backpop.reject AS r"
                        + " WHERE r.campaign_id = :id AND r.state <> 'resolved' AND :what = :what AND " + condition
                        + " AND NOT EXISTS (SELECT FROM backpop.chunk AS c WHERE c.campaign_id = r.campaign_id"
                        + " AND c.chunk_no = r.replay_chunk AND c.state = 'planned')),"
                        + " next AS (SELECT coalesce(max(chunk_no), 0) + 1 AS chunk_no FROM backpop.chunk"
                        + " WHERE campaign_id = :id),"
                        + " marked AS (UPDATE backpop.reject AS r SET replay_chunk = next.chunk_no + chosen.page"
                        + " FROM chosen, next WHERE r.id = chosen.id),"
                        + " planned AS (INSERT INTO backpop.chunk (campaign_id, chunk_no, keys, key_count, pass)"
                        + " SELECT :id, next.chunk_no + page, jsonb_agg(DISTINCT key), count(DISTINCT key), 'replay'"
                        + " FROM chosen, next GROUP BY next.chunk_no, page RETURNING 1)"
                        + " SELECT count(*) FROM planned")
                .bind("id", id)
                .bind("size", KEYS_IN_A_CHUNK)
                .bind("what", what)
                .mapTo(Integer.class)
                .one();
    }

    List<String> keys(String id, int chunkNo) {
        return database.with(handle -> handle.createQuery("SELECT DISTINCT key::text FROM backpop.reject"
                        + " WHERE campaign_id = :id AND replay_chunk = :no AND state <> 'resolved'")
                .bind("id", id)
                .bind("no", chunkNo)
                .mapTo(String.class)
                .list());
    }

    Map<RejectState, Long> counts(String id) {
        Map<RejectState, Long> counts = new EnumMap<>(RejectState.class);
        for (RejectState state : RejectState.values()) {
            counts.put(state, 0L);
        }
        database.with(handle -> {
            handle.createQuery(
                            "SELECT state, count(*) AS rows FROM backpop.reject WHERE campaign_id = :id GROUP BY state")
                    .bind("id", id)
                    .map((row, context) -> Map.entry(RejectState.ofWord(row.getString("state")), row.getLong("rows")))
                    .forEach(count -> counts.put(count.getKey(), count.getValue()));
            return id;
        });
        return counts;
    }

    long closing(String id) {
        return database.with(handle -> handle.createQuery("SELECT count(*) FROM backpop.reject"
                        + " WHERE campaign_id = :id AND state <> 'resolved' AND stage = 'closing'")
                .bind("id", id)
                .mapTo(Long.class)
                .one());
    }

    List<DeferredParent> parents(String id, @Nullable DeferredParent after, int limit) {
        return database.with(handle -> handle.createQuery("SELECT constraint_name, parent_table,"
                        + " parent_key::text AS parent_key, count(*) AS rows FROM backpop.reject AS r"
                        + " WHERE campaign_id = :id AND state = 'deferred' AND parent_key IS NOT NULL"
                        + (after == null
                                ? ""
                                : " AND (constraint_name, parent_table, r.parent_key)"
                                        + " > (:constraint, :table, :key::jsonb)")
                        + " GROUP BY constraint_name, parent_table, r.parent_key"
                        + " ORDER BY constraint_name, parent_table, r.parent_key LIMIT :limit")
                .bind("id", id)
                .bind("constraint", after == null ? null : after.constraint())
                .bind("table", after == null ? null : after.table())
                .bind("key", after == null ? null : after.key())
                .bind("limit", limit)
                .map((row, context) -> new DeferredParent(
                        row.getString("constraint_name"),
                        row.getString("parent_table"),
                        row.getString("parent_key"),
                        row.getLong("rows")))
                .list());
    }

    /** Rejects what waits for these parents; the counts move with it, as a chunk's that found them so. */
    long giveUp(String id, String constraint, String table, Collection<String> parentKeys, String message) {
        return database.inTransaction(handle -> {
            CampaignTable.lock(handle, id);
            List<String> stages = handle.createQuery(
                            "UPDATE backpop.reject SET state = 'rejected',"
                                    + " message = replace(:message, '%key%', parent_key::text)"
                                    + " WHERE campaign_id = :id AND state = 'deferred' AND constraint_name = :constraint"
                                    + " AND parent_table = :table AND parent_key = ANY (CAST(:keys AS jsonb[])) RETURNING stage")
                    .bind("id", id)
                    .bind("message", Storable.text(message))
                    .bind("constraint", constraint)
                    .bind("table", table)
                    .bind("keys", LedgerDatabase.texts(parentKeys.toArray(new String[0])))
                    .mapTo(String.class)
                    .list();
            count(handle, id, stages);
            return (long) stages.size();
        });
    }

    /**
     * Rejects what waits for rows that are rejects themselves, and what waits for those. What was refused last of a parent
     * counts: one that is deferred may still come.
     *
     * @param rejectKey SQL over {@code r}: the key under which the row at {@code r.parent_key} would be a reject
     * @param own whether the parents are of this campaign's own entity, so that those below are parents too
     */
    long giveUpBelow(
            String id, String constraint, String table, String rejectKey, String entity, boolean own, String message) {
        String waiting = " r.campaign_id = :id AND r.state = 'deferred' AND r.constraint_name = :constraint"
                + " AND r.parent_table = :table AND r.parent_key IS NOT NULL";
        String below = "SELECT r.id, r.key, newest.campaign_id AS place FROM backpop.reject AS r CROSS JOIN LATERAL ("
                + "SELECT p.campaign_id, p.state FROM backpop.reject AS p JOIN backpop.campaign AS c ON c.id = p.campaign_id"
                + " WHERE p.key = " + rejectKey + " AND p.state <> 'resolved' AND c.entity = :entity"
                + " AND c.kind IN ('backfill', 'repair')"
                + " AND c.plan = (SELECT plan FROM backpop.campaign WHERE id = :id) ORDER BY p.id DESC LIMIT 1) AS newest"
                + " WHERE newest.state = 'rejected' AND" + waiting
                + (own
                        ? " UNION SELECT r.id, r.key, r.campaign_id FROM below JOIN backpop.reject AS r ON " + rejectKey
                                + " = below.key WHERE" + waiting
                        : "");
        return database.inTransaction(handle -> {
            CampaignTable.lock(handle, id);
            List<String> stages = handle.createQuery("WITH RECURSIVE below AS (" + below + "),"
                            + " once AS (SELECT id, min(place) AS place FROM below GROUP BY id),"
                            + " given_up AS (UPDATE backpop.reject AS r SET state = 'rejected', message ="
                            + " replace(replace(:message, '%key%', r.parent_key::text), '%campaign%', once.place)"
                            + " FROM once WHERE r.id = once.id RETURNING r.stage) SELECT stage FROM given_up")
                    .bind("id", id)
                    .bind("constraint", constraint)
                    .bind("table", table)
                    .bind("entity", entity)
                    .bind("message", Storable.text(message))
                    .mapTo(String.class)
                    .list();
            count(handle, id, stages);
            return (long) stages.size();
        });
    }

    /** Moves what was deferred to what is rejected, as a chunk does; rows of the closing sweep are in no count. */
    private static void count(Handle handle, String id, List<String> stages) {
        long rejected =
                stages.stream().filter(stage -> !stage.equals("closing")).count();
        if (rejected > 0) {
            handle.createUpdate("INSERT INTO backpop.chunk (campaign_id, chunk_no, keys, key_count, pass, state,"
                            + " started_at, finished_at, " + Counter.ROWS_DEFERRED.column() + ", "
                            + Counter.ROWS_REJECTED.column() + ") SELECT :id, coalesce(max(chunk_no), 0) + 1,"
                            + " '[]', 0, 'replay', 'done', now(), now(), -:rows, :rows FROM backpop.chunk"
                            + " WHERE campaign_id = :id")
                    .bind("id", id)
                    .bind("rows", rejected)
                    .execute();
        }
    }
}
