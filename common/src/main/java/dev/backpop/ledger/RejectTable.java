package dev.backpop.ledger;

import dev.backpop.campaign.Reject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Table {@code reject}, read. */
final class RejectTable {
    private static final int FETCH_SIZE = 500;
    private static final int MOST_GROUPS = 200;

    private final LedgerDatabase database;

    RejectTable(LedgerDatabase database) {
        this.database = database;
    }

    void each(String id, int limit, Consumer<StoredReject> consumer) {
        // A cursor lives in a transaction; without one the driver would read everything at once.
        database.inTransaction(handle -> {
            handle.createQuery("SELECT chunk_no, created_at, key::text AS key, stage, sqlstate, constraint_name,"
                            + " column_name, message, source::text AS source, state, parent_table,"
                            + " parent_key::text AS parent_key FROM backpop.reject"
                            + " WHERE campaign_id = :id AND state <> 'resolved' ORDER BY id LIMIT :limit")
                    .bind("id", id)
                    .bind("limit", limit)
                    .setFetchSize(FETCH_SIZE)
                    .map((row, context) -> reject(row))
                    .forEach(consumer);
            return id;
        });
    }

    List<RejectGroup> groups(String id) {
        return database.with(handle -> handle.createQuery("WITH grouped AS ("
                        + "SELECT state, stage, sqlstate, constraint_name, column_name, count(*) AS rejects, min(id) AS example"
                        + " FROM backpop.reject WHERE campaign_id = :id AND state <> 'resolved'"
                        + " GROUP BY state, stage, sqlstate, constraint_name, column_name"
                        + " ORDER BY rejects DESC, example LIMIT :most)"
                        + " SELECT grouped.*, reject.key::text AS key, reject.message FROM grouped"
                        + " JOIN backpop.reject ON reject.id = grouped.example ORDER BY rejects DESC, example")
                .bind("id", id)
                .bind("most", MOST_GROUPS)
                .map((row, context) -> group(row))
                .list());
    }

    Map<String, String> reasons(String plan, String entity, Collection<String> keys) {
        @Nullable String[] asked = keys.toArray(new String[0]);
        @Nullable String[] stored = keys.stream().map(Storable::jsonb).toArray(String[]::new);
        Map<String, String> reasons = new HashMap<>();
        database.with(handle -> {
            handle.createQuery("SELECT asked.key, newest.message FROM unnest(:asked, :stored) AS asked(key, stored)"
                            + " CROSS JOIN LATERAL (SELECT reject.message FROM backpop.reject"
                            + " JOIN backpop.campaign ON campaign.id = reject.campaign_id"
                            + " WHERE reject.key = asked.stored::jsonb AND campaign.plan = :plan"
                            + " AND campaign.entity = :entity AND campaign.kind IN ('backfill', 'repair')"
                            + " AND reject.state <> 'resolved'"
                            + " ORDER BY reject.id DESC LIMIT 1) AS newest")
                    .bind("asked", LedgerDatabase.texts(asked))
                    .bind("stored", LedgerDatabase.texts(stored))
                    .bind("plan", plan)
                    .bind("entity", entity)
                    .map((row, context) -> Map.entry(row.getString("key"), row.getString("message")))
                    .forEach(reason -> reasons.put(reason.getKey(), reason.getValue()));
            return plan;
        });
        return reasons;
    }

    static RejectGroup group(ResultSet row) throws SQLException {
        return new RejectGroup(
                state(row),
                stage(row),
                row.getString("sqlstate"),
                row.getString("constraint_name"),
                row.getString("column_name"),
                row.getLong("rejects"),
                row.getString("key"),
                row.getString("message"));
    }

    private static StoredReject reject(ResultSet row) throws SQLException {
        return new StoredReject(
                row.getInt("chunk_no"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                state(row),
                new Reject(
                        row.getString("key"),
                        stage(row),
                        row.getString("sqlstate"),
                        row.getString("constraint_name"),
                        row.getString("column_name"),
                        row.getString("message"),
                        row.getString("source"),
                        parent(row)));
    }

    private static Reject.@Nullable Parent parent(ResultSet row) throws SQLException {
        String table = row.getString("parent_table");
        return table == null ? null : new Reject.Parent(table, row.getString("parent_key"));
    }

    private static RejectState state(ResultSet row) throws SQLException {
        return RejectState.ofWord(row.getString("state"));
    }

    private static Reject.Stage stage(ResultSet row) throws SQLException {
        return Reject.Stage.valueOf(row.getString("stage").toUpperCase(Locale.ROOT));
    }
}
