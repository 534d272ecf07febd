package dev.backpop.ledger;

import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.campaign.Reject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a worker writes into the ledger, all in the transaction that writes the chunk's rows. */
final class ChunkResult {
    private static final String FINISH = "UPDATE backpop.chunk SET state = 'done', key_count = ?, worker = ?,"
            // Two clocks: a worker's that runs ahead must not make a run end before it began.
            + " started_at = ?, finished_at = greatest(clock_timestamp(), ?), "
            + Arrays.stream(Counter.values())
                    .map(counter -> counter.column() + " = ?")
                    .collect(Collectors.joining(", "))
            + " WHERE campaign_id = ? AND chunk_no = ? AND state = 'planned'";

    private static final String REFUSED = "unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WITH ORDINALITY AS refused(key, stage,"
            + " sqlstate, constraint_name, column_name, message, source, state, parent_table, parent_key, place)";

    /**
     * A key with several rejects has them settled in their order; what is refused beyond them is not new. Those of the
     * closing sweep stay that: their keys were counted by the main pass.
     */
    private static final String SETTLE = "WITH before AS MATERIALIZED (SELECT id, key, state, stage,"
            + " row_number() OVER (PARTITION BY key ORDER BY id) AS place FROM backpop.reject"
            + " WHERE campaign_id = ? AND replay_chunk = ? AND state <> 'resolved'),"
            + " refused AS MATERIALIZED (SELECT key::jsonb AS key, stage, sqlstate, constraint_name, column_name,"
            + " message, source::json AS source, state, parent_table, parent_key::jsonb AS parent_key,"
            + " row_number() OVER (PARTITION BY key::jsonb ORDER BY place) AS place FROM " + REFUSED + "),"
            + " settled AS (UPDATE backpop.reject AS r SET state = coalesce(refused.state, 'resolved'),"
            + " tries = r.tries + 1, last_tried_at = now(), stage = CASE WHEN r.stage = 'closing' THEN r.stage ELSE coalesce(refused.stage, r.stage) END,"
            + " message = coalesce(refused.message, r.message), source = coalesce(refused.source, r.source),"
            + " sqlstate = CASE WHEN refused.key IS NULL THEN r.sqlstate ELSE refused.sqlstate END,"
            + " constraint_name = CASE WHEN refused.key IS NULL THEN r.constraint_name ELSE refused.constraint_name END,"
            + " column_name = CASE WHEN refused.key IS NULL THEN r.column_name ELSE refused.column_name END,"
            + " parent_table = refused.parent_table, parent_key = refused.parent_key"
            + " FROM before LEFT JOIN refused USING (key, place) WHERE r.id = before.id RETURNING r.state, r.stage),"
            + " counted AS (SELECT state, 1 AS rows FROM settled WHERE stage <> 'closing' UNION ALL"
            + " SELECT state, -1 FROM before WHERE stage <> 'closing')"
            + " SELECT (SELECT count(*) FROM before), coalesce(sum(rows) FILTER (WHERE state = 'deferred'), 0),"
            + " coalesce(sum(rows) FILTER (WHERE state = 'rejected'), 0) FROM counted";

    private ChunkResult() {}

    static boolean lockPlanned(Connection transaction, String id, int chunkNo) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement("SELECT 1 FROM backpop.chunk"
                + " WHERE campaign_id = ? AND chunk_no = ? AND state = 'planned' FOR UPDATE")) {
            statement.setString(1, id);
            statement.setInt(2, chunkNo);
            try (ResultSet locked = statement.executeQuery()) {
                return locked.next();
            }
        }
    }

    static void finish(
            Connection transaction,
            String id,
            int chunkNo,
            String worker,
            Instant startedAt,
            long keyCount,
            Counters counters)
            throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(FINISH)) {
            int at = 1;
            statement.setLong(at++, keyCount);
            statement.setString(at++, Storable.text(worker));
            statement.setObject(at++, startedAt.atOffset(ZoneOffset.UTC));
            statement.setObject(at++, startedAt.atOffset(ZoneOffset.UTC));
            for (Counter counter : Counter.values()) {
                statement.setLong(at++, counters.get(counter));
            }
            statement.setString(at++, id);
            statement.setInt(at, chunkNo);
            if (statement.executeUpdate() != 1) {
                throw new IllegalStateException("chunk " + chunkNo + " of campaign " + id
                        + " is not planned any more: lock it before you finish it");
            }
        }
    }

    static void keepMethod(Connection transaction, String id, int chunkNo, String method) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(
                "UPDATE backpop.chunk SET method = ? WHERE campaign_id = ? AND chunk_no = ?")) {
            statement.setString(1, method);
            statement.setString(2, id);
            statement.setInt(3, chunkNo);
            statement.executeUpdate();
        }
    }

    static void addRejects(Connection transaction, String id, int chunkNo, String entity, List<Reject> rejects)
            throws SQLException {
        insert(
                transaction,
                "INSERT INTO backpop.reject (campaign_id, chunk_no, entity, key, stage, sqlstate, constraint_name,"
                        + " column_name, message, source, state, parent_table, parent_key)"
                        + " SELECT ?, ?, ?, key::jsonb, stage, sqlstate, constraint_name, column_name, message,"
                        + " source::json, state, parent_table, parent_key::jsonb FROM " + REFUSED + " ORDER BY place",
                id,
                chunkNo,
                entity,
                columns(rejects));
    }

    private static List<@Nullable String[]> columns(List<Reject> rejects) {
        return List.of(
                ChunkTable.column(rejects, reject -> Storable.jsonb(reject.key())),
                ChunkTable.column(rejects, reject -> reject.stage().word()),
                ChunkTable.column(rejects, reject -> text(reject.sqlState())),
                ChunkTable.column(rejects, reject -> text(reject.constraint())),
                ChunkTable.column(rejects, reject -> text(reject.column())),
                ChunkTable.column(rejects, reject -> text(reject.message())),
                ChunkTable.column(rejects, reject -> reject.source() == null ? null : Storable.json(reject.source())),
                ChunkTable.column(rejects, reject -> state(reject).word()),
                ChunkTable.column(
                        rejects,
                        reject ->
                                reject.parent() == null ? null : reject.parent().table()),
                ChunkTable.column(rejects, ChunkResult::parentKey));
    }

    private static RejectState state(Reject reject) {
        return reject.parent() == null ? RejectState.REJECTED : RejectState.DEFERRED;
    }

    private static @Nullable String parentKey(Reject reject) {
        Reject.Parent parent = reject.parent();
        String key = parent == null ? null : parent.key();
        return key == null ? null : Storable.jsonb(key);
    }

    static List<String> withOpenReject(Connection transaction, String id, List<String> keys) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement("SELECT asked.key FROM unnest(?, ?)"
                + " AS asked(key, stored) WHERE EXISTS (SELECT FROM backpop.reject WHERE campaign_id = ?"
                + " AND reject.key = asked.stored::jsonb AND state <> 'resolved')")) {
            statement.setArray(1, transaction.createArrayOf("text", keys.toArray()));
            statement.setArray(
                    2,
                    transaction.createArrayOf(
                            "text", keys.stream().map(Storable::jsonb).toArray()));
            statement.setString(3, id);
            List<String> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
            return found;
        }
    }

    static Settled settle(Connection transaction, String id, int chunkNo, List<Reject> refused) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(SETTLE)) {
            statement.setString(1, id);
            statement.setInt(2, chunkNo);
            int at = 3;
            for (@Nullable String[] column : columns(refused)) {
                statement.setArray(at++, transaction.createArrayOf("text", column));
            }
            try (ResultSet counts = statement.executeQuery()) {
                counts.next();
                return new Settled(counts.getLong(1), counts.getLong(2), counts.getLong(3));
            }
        }
    }

    private static @Nullable String text(@Nullable String text) {
        return text == null ? null : Storable.text(text);
    }

    private static void insert(
            Connection transaction, String sql, String id, int chunkNo, String entity, List<@Nullable String[]> columns)
            throws SQLException {
        if (columns.get(0).length == 0) {
            return;
        }
        try (PreparedStatement statement = transaction.prepareStatement(sql)) {
            statement.setString(1, id);
            statement.setInt(2, chunkNo);
            statement.setString(3, entity);
            for (int i = 0; i < columns.size(); i++) {
                statement.setArray(4 + i, transaction.createArrayOf("text", columns.get(i)));
            }
            statement.executeUpdate();
        }
    }
}
