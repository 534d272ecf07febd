package dev.backpop.ledger;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.Chunk;
import dev.backpop.campaign.ChunkPass;
import dev.backpop.campaign.ChunkState;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Table {@code chunk}, as planning, driving and reporting use it; what a worker's transaction does is {@link ChunkResult}. */
final class ChunkTable {
    private static final String COUNTERS =
            Arrays.stream(Counter.values()).map(Counter::column).collect(Collectors.joining(", "));
    private static final String SELECT = "SELECT campaign_id, chunk_no, after_key::text AS after_key,"
            + " first_key::text AS first_key, last_key::text AS last_key,"
            // Taken apart by the server, which keeps every number as it was written.
            + " CASE WHEN keys IS NOT NULL THEN ARRAY(SELECT element::text FROM jsonb_array_elements(keys)"
            + " WITH ORDINALITY AS listed(element, place) ORDER BY place) END AS keys, pass,"
            + " key_count, state, attempts, last_error, worker, started_at, finished_at, " + COUNTERS
            + " FROM backpop.chunk ";

    /** More than a window holds, and the parts of as many as it holds. */
    private static final int SPLITS_AMONG_THE_LAST = 4_000;

    /** Keys that came into being between two looks: a recheck that is done counts those and no others. */
    private static final String FOUND_BY_RECHECK = "state = 'done' AND pass = 'recheck'";

    private final LedgerDatabase database;

    ChunkTable(LedgerDatabase database) {
        this.database = database;
    }

    int append(
            String id,
            @Nullable String expectedCursor,
            List<NewChunk> chunks,
            @Nullable String cursor,
            boolean planDone) {
        return database.inTransaction(handle -> {
            Campaign campaign = CampaignTable.lock(handle, id);
            if (!CampaignTable.advance(handle, id, expectedCursor, cursor, planDone)) {
                throw new PlannedElsewhereException("campaign " + id + " was planned up to " + campaign.planCursor()
                        + (campaign.planDone() ? ", its end," : "") + " and not up to " + expectedCursor
                        + ": another driver is planning it");
            }
            int first = nextNumber(handle, id);
            insert(handle, id, first, chunks);
            return first;
        });
    }

    /** The number of the next chunk, which stays free while the campaign is locked. */
    private static int nextNumber(Handle handle, String id) {
        return handle.createQuery("SELECT coalesce(max(chunk_no), 0) + 1 FROM backpop.chunk WHERE campaign_id = :id")
                .bind("id", id)
                .mapTo(Integer.class)
                .one();
    }

    static void insert(Handle handle, String id, int first, List<NewChunk> chunks) {
        handle.createUpdate("INSERT INTO backpop.chunk"
                        + " (campaign_id, chunk_no, after_key, first_key, last_key, keys, key_count)"
                        + " SELECT :id, :first + place - 1, after_key::jsonb, first_key::jsonb, last_key::jsonb,"
                        + " keys::jsonb, key_count::bigint"
                        + " FROM unnest(:afterKeys, :firstKeys, :lastKeys, :lists, :counts)"
                        + " WITH ORDINALITY AS planned(after_key, first_key, last_key, keys, key_count, place)"
                        + " ORDER BY place")
                .bind("id", id)
                .bind("first", first)
                .bind("afterKeys", LedgerDatabase.texts(column(chunks, NewChunk::afterKey)))
                .bind("firstKeys", LedgerDatabase.texts(column(chunks, NewChunk::firstKey)))
                .bind("lastKeys", LedgerDatabase.texts(column(chunks, NewChunk::lastKey)))
                .bind("lists", LedgerDatabase.texts(column(chunks, ChunkTable::list)))
                .bind("counts", LedgerDatabase.texts(column(chunks, chunk -> Long.toString(chunk.keyCount()))))
                .execute();
    }

    private static @Nullable String list(NewChunk chunk) {
        return chunk.keys() == null ? null : "[" + String.join(",", chunk.keys()) + "]";
    }

    static <T> @Nullable String[] column(List<T> rows, Function<T, @Nullable String> value) {
        @Nullable String[] column = new String[rows.size()];
        for (int i = 0; i < column.length; i++) {
            column[i] = value.apply(rows.get(i));
        }
        return column;
    }

    Optional<Chunk> find(String id, int chunkNo) {
        return database.with(handle -> handle.createQuery(SELECT + "WHERE campaign_id = :id AND chunk_no = :no")
                .bind("id", id)
                .bind("no", chunkNo)
                .map((row, context) -> chunk(row))
                .findOne());
    }

    List<Chunk> planned(String id, int afterChunkNo, int limit) {
        return database.with(handle -> handle.createQuery(SELECT + "WHERE campaign_id = :id AND chunk_no > :after"
                        + " AND state = 'planned' ORDER BY chunk_no LIMIT :limit")
                .bind("id", id)
                .bind("after", afterChunkNo)
                .bind("limit", limit)
                .map((row, context) -> chunk(row))
                .list());
    }

    List<Integer> numbers(String id, ChunkState state) {
        // The state is written into the statement, where the planner finds the partial index for it.
        return database.with(handle -> handle.createQuery("SELECT chunk_no FROM backpop.chunk WHERE campaign_id = :id"
                        + " AND state = '" + state.word() + "' ORDER BY chunk_no")
                .bind("id", id)
                .mapTo(Integer.class)
                .list());
    }

    int recordAttempt(String id, int chunkNo, String worker, String error) {
        return database.inTransaction(handle -> {
            Optional<Integer> attempts = handle.createQuery("UPDATE backpop.chunk SET attempts = attempts + 1,"
                            + " last_error = :error, worker = :worker"
                            + " WHERE campaign_id = :id AND chunk_no = :no AND state = 'planned' RETURNING attempts")
                    .bind("id", id)
                    .bind("no", chunkNo)
                    .bind("worker", Storable.text(worker))
                    .bind("error", Storable.text(error))
                    .mapTo(Integer.class)
                    .findOne();
            return attempts.orElseGet(() -> handle.createQuery(
                            "SELECT attempts FROM backpop.chunk WHERE campaign_id = :id AND chunk_no = :no")
                    .bind("id", id)
                    .bind("no", chunkNo)
                    .mapTo(Integer.class)
                    .findOne()
                    .orElse(0));
        });
    }

    boolean fail(String id, int chunkNo, String error) {
        return database.with(handle -> handle.createUpdate("UPDATE backpop.chunk SET state = 'failed',"
                                + " last_error = :error, finished_at = now()"
                                + " WHERE campaign_id = :id AND chunk_no = :no AND state = 'planned'")
                        .bind("id", id)
                        .bind("no", chunkNo)
                        .bind("error", Storable.text(error))
                        .execute()
                == 1);
    }

    Optional<Integer> split(
            String id, int chunkNo, String worker, Duration runTime, String reason, List<NewChunk> parts) {
        return database.inTransaction(handle -> {
            CampaignTable.lock(handle, id);
            // One that is being written just now is left to whoever writes it.
            Optional<Long> keyCount = handle.createQuery("SELECT key_count FROM backpop.chunk WHERE campaign_id = :id"
                            + " AND chunk_no = :no AND state = 'planned' FOR UPDATE SKIP LOCKED")
                    .bind("id", id)
                    .bind("no", chunkNo)
                    .mapTo(Long.class)
                    .findOne();
            if (keyCount.isEmpty()) {
                return Optional.empty();
            }
            long inParts = parts.stream().mapToLong(NewChunk::keyCount).sum();
            if (parts.size() < 2 || inParts != keyCount.get()) {
                throw new IllegalArgumentException("chunk " + chunkNo + " of campaign " + id + " has " + keyCount.get()
                        + " keys and cannot be split into " + parts.size() + " parts of " + inParts);
            }
            handle.createUpdate("UPDATE backpop.chunk SET state = 'split', last_error = :reason, worker = :worker,"
                            + " started_at = clock_timestamp() - :micros * interval '1 microsecond',"
                            + " finished_at = clock_timestamp() WHERE campaign_id = :id AND chunk_no = :no")
                    .bind("id", id)
                    .bind("no", chunkNo)
                    .bind("reason", Storable.text(reason))
                    .bind("worker", Storable.text(worker))
                    .bind("micros", runTime.toNanos() / 1000)
                    .execute();
            // What a run kept that did not come to its end; the parts see for themselves.
            handle.createUpdate("DELETE FROM backpop.discrepancy WHERE campaign_id = :id AND chunk_no = :no")
                    .bind("id", id)
                    .bind("no", chunkNo)
                    .execute();
            int first = nextNumber(handle, id);
            insert(handle, id, first, parts);
            inherit(handle, id, chunkNo, first);
            return Optional.of(first);
        });
    }

    /** The parts are of the pass of the whole, and what it was to replay is theirs. */
    private static void inherit(Handle handle, String id, int chunkNo, int first) {
        handle.createUpdate("UPDATE backpop.chunk AS part SET pass = whole.pass, closing_round = whole.closing_round"
                        + " FROM backpop.chunk AS whole WHERE whole.campaign_id = :id AND whole.chunk_no = :no"
                        + " AND part.campaign_id = :id AND part.chunk_no >= :first AND whole.pass <> 'main'")
                .bind("id", id)
                .bind("no", chunkNo)
                .bind("first", first)
                .execute();
        handle.createUpdate("UPDATE backpop.reject SET replay_chunk = part.chunk_no"
                        + " FROM (SELECT chunk_no, jsonb_array_elements(keys) AS key FROM backpop.chunk"
                        + " WHERE campaign_id = :id AND chunk_no >= :first AND pass = 'replay') AS part"
                        + " WHERE reject.campaign_id = :id AND reject.replay_chunk = :no AND reject.key = part.key")
                .bind("id", id)
                .bind("no", chunkNo)
                .bind("first", first)
                .execute();
        handle.createUpdate("UPDATE backpop.discrepancy SET recheck_chunk = part.chunk_no"
                        + " FROM (SELECT chunk_no, jsonb_array_elements(keys) AS key FROM backpop.chunk"
                        + " WHERE campaign_id = :id AND chunk_no >= :first AND pass = 'recheck') AS part"
                        + " WHERE discrepancy.campaign_id = :id AND discrepancy.recheck_chunk = :no"
                        + " AND discrepancy.key = part.key AND discrepancy.state = 'pending'")
                .bind("id", id)
                .bind("no", chunkNo)
                .bind("first", first)
                .execute();
    }

    List<Integer> replanFailed(String id) {
        return database.inTransaction(handle -> {
            CampaignTable.lock(handle, id);
            return handle.createQuery("WITH again AS (UPDATE backpop.chunk SET state = 'planned',"
                            + " attempts = 0, finished_at = NULL WHERE campaign_id = :id AND state = 'failed'"
                            + " RETURNING chunk_no) SELECT chunk_no FROM again ORDER BY chunk_no")
                    .bind("id", id)
                    .mapTo(Integer.class)
                    .list();
        });
    }

    Totals totals(String id) {
        String states = Arrays.stream(ChunkState.values())
                .map(state -> "count(*) FILTER (WHERE state = '" + state.word() + "') AS " + state.word())
                .collect(Collectors.joining(", "));
        String sums = Arrays.stream(Counter.values())
                .map(counter -> sum(counter.column(), "state = 'done'") + " AS " + counter.column())
                .collect(Collectors.joining(", "));
        return database.with(handle -> handle.createQuery("SELECT " + states + ", " + sums + ", "
                        + sum("key_count", "state != 'split' AND pass = 'main' OR " + FOUND_BY_RECHECK) + " AS keys, "
                        + sum("key_count", "state = 'done' AND pass = 'main' OR " + FOUND_BY_RECHECK) + " AS keys_done,"
                        + " min(chunk_no) FILTER (WHERE state = 'planned') AS first_planned,"
                        + " (SELECT last_error FROM backpop.chunk WHERE campaign_id = :id AND state = 'failed'"
                        + " GROUP BY last_error ORDER BY count(*) DESC, last_error LIMIT 1) AS commonest_error"
                        + " FROM backpop.chunk WHERE campaign_id = :id")
                .bind("id", id)
                .map((row, context) -> totals(row))
                .one());
    }

    private static String sum(String column, String condition) {
        return "coalesce(sum(" + column + ") FILTER (WHERE " + condition + "), 0)::bigint";
    }

    List<ChunkTime> recentTimes(String id, int count) {
        return database.with(handle -> handle.createQuery("(" + times("state = 'done' AND pass = 'main'")
                        + ") UNION ALL ("
                        // A chunk that was split lately was planned lately; without this all chunks would be read.
                        + times("state = 'split' AND chunk_no > (SELECT max(chunk_no) FROM backpop.chunk"
                                + " WHERE campaign_id = :id) - " + SPLITS_AMONG_THE_LAST)
                        + ") ORDER BY finished_at DESC, chunk_no DESC LIMIT :count")
                .bind("id", id)
                .bind("count", count)
                .map((row, context) -> new ChunkTime(
                        row.getInt("chunk_no"),
                        row.getLong("key_count"),
                        Duration.ofNanos(row.getLong("micros") * 1000),
                        row.getBoolean("split")))
                .list());
    }

    private static String times(String condition) {
        return "SELECT chunk_no, key_count, finished_at, state = 'split' AS split,"
                + " (extract(epoch FROM finished_at - started_at) * 1000000)::bigint AS micros"
                + " FROM backpop.chunk WHERE campaign_id = :id AND " + condition
                + " ORDER BY finished_at DESC, chunk_no DESC LIMIT :count";
    }

    List<ChunkErrorGroup> errorGroups(String id, int limit) {
        return database.with(handle -> handle.createQuery("SELECT coalesce(last_error, '') AS error,"
                        + " count(*) AS chunks, min(chunk_no) AS first_chunk FROM backpop.chunk"
                        + " WHERE campaign_id = :id AND state = 'failed' GROUP BY last_error"
                        + " ORDER BY count(*) DESC, min(chunk_no) LIMIT :limit")
                .bind("id", id)
                .bind("limit", limit)
                .map((row, context) ->
                        new ChunkErrorGroup(row.getString("error"), row.getLong("chunks"), row.getInt("first_chunk")))
                .list());
    }

    private static Totals totals(ResultSet row) throws SQLException {
        Map<ChunkState, Long> chunks = new EnumMap<>(ChunkState.class);
        for (ChunkState state : ChunkState.values()) {
            chunks.put(state, row.getLong(state.word()));
        }
        return new Totals(
                chunks,
                row.getLong("keys"),
                row.getLong("keys_done"),
                counters(row),
                row.getObject("first_planned", Integer.class),
                row.getString("commonest_error"));
    }

    private static Counters counters(ResultSet row) throws SQLException {
        Map<Counter, Long> counts = new EnumMap<>(Counter.class);
        for (Counter counter : Counter.values()) {
            counts.put(counter, row.getLong(counter.column()));
        }
        return Counters.of(counts);
    }

    private static Chunk chunk(ResultSet row) throws SQLException {
        Array keys = row.getArray("keys");
        return new Chunk(
                row.getString("campaign_id"),
                row.getInt("chunk_no"),
                row.getString("after_key"),
                row.getString("first_key"),
                row.getString("last_key"),
                keys == null ? null : List.of((String[]) keys.getArray()),
                ChunkPass.ofWord(row.getString("pass")),
                row.getLong("key_count"),
                ChunkState.ofWord(row.getString("state")),
                row.getInt("attempts"),
                row.getString("last_error"),
                row.getString("worker"),
                CampaignTable.instant(row, "started_at"),
                CampaignTable.instant(row, "finished_at"),
                counters(row));
    }
}
