package dev.backpop.ledger;

import dev.backpop.campaign.Discrepancy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sums over a campaign for its report, made by the server: what comes back is bounded, however much there is. */
final class ReportTable {
    /** Causes are words of ours for a column, so that this cuts nothing but what somebody's own hand has left. */
    private static final int MOST_COLUMN_CAUSES = 2_000;

    private final LedgerDatabase database;

    ReportTable(LedgerDatabase database) {
        this.database = database;
    }

    Map<DiscrepancyState, Map<Discrepancy.Kind, Long>> discrepancyStates(String id) {
        Map<DiscrepancyState, Map<Discrepancy.Kind, Long>> counts = new EnumMap<>(DiscrepancyState.class);
        for (DiscrepancyState state : DiscrepancyState.values()) {
            Map<Discrepancy.Kind, Long> kinds = new EnumMap<>(Discrepancy.Kind.class);
            for (Discrepancy.Kind kind : Discrepancy.Kind.values()) {
                kinds.put(kind, 0L);
            }
            counts.put(state, kinds);
        }
        database.with(handle -> {
            handle.createQuery("SELECT state, kind, count(*) AS found FROM backpop.discrepancy"
                            + " WHERE campaign_id = :id GROUP BY state, kind")
                    .bind("id", id)
                    .map((row, context) -> {
                        counts.getOrDefault(
                                        DiscrepancyState.ofWord(row.getString("state")),
                                        new EnumMap<>(Discrepancy.Kind.class))
                                .put(
                                        Discrepancy.Kind.valueOf(
                                                row.getString("kind").toUpperCase(Locale.ROOT)),
                                        row.getLong("found"));
                        return id;
                    })
                    .list();
            return id;
        });
        return counts;
    }

    List<ColumnCause> columnCauses(String id) {
        return database.with(handle -> handle.createQuery(
                        "SELECT found.difference ->> 'column' AS name, found.difference ->> 'cause' AS why,"
                                + " count(*) AS rows FROM backpop.discrepancy"
                                + " CROSS JOIN LATERAL jsonb_array_elements(columns) AS found(difference)"
                                + " WHERE campaign_id = :id AND state = 'confirmed'"
                                + " GROUP BY name, why ORDER BY rows DESC, name, why LIMIT :most")
                .bind("id", id)
                .bind("most", MOST_COLUMN_CAUSES)
                .map((row, context) ->
                        new ColumnCause(row.getString("name"), row.getString("why"), row.getLong("rows")))
                .list());
    }

    List<EntityRejects> entityRejects(String plan, String entity, int limit) {
        return database.with(handle -> handle.createQuery("WITH grouped AS (SELECT campaign_id, reject.state, stage,"
                        + " sqlstate, constraint_name, column_name, count(*) AS rejects, min(reject.id) AS example"
                        + " FROM backpop.reject JOIN backpop.campaign ON campaign.id = campaign_id"
                        + " WHERE campaign.plan = :plan AND campaign.entity = :entity"
                        + " AND campaign.kind IN ('backfill', 'repair') AND reject.state <> 'resolved'"
                        + " GROUP BY campaign_id, reject.state, stage, sqlstate, constraint_name, column_name"
                        + " ORDER BY rejects DESC, example LIMIT :most)"
                        + " SELECT grouped.*, reject.key::text AS key, reject.message FROM grouped"
                        + " JOIN backpop.reject ON reject.id = grouped.example ORDER BY rejects DESC, example")
                .bind("plan", plan)
                .bind("entity", entity)
                .bind("most", limit)
                .map((row, context) -> new EntityRejects(row.getString("campaign_id"), RejectTable.group(row)))
                .list());
    }

    Map<String, Long> methods(String id) {
        Map<String, Long> methods = new LinkedHashMap<>();
        database.with(handle -> {
            handle.createQuery(
                            "SELECT method, sum(key_count)::bigint AS keys FROM backpop.chunk WHERE campaign_id = :id"
                                    + " AND state = 'done' AND method IS NOT NULL GROUP BY method ORDER BY keys DESC, method")
                    .bind("id", id)
                    .map((row, context) -> Map.entry(row.getString("method"), row.getLong("keys")))
                    .forEach(method -> methods.put(method.getKey(), method.getValue()));
            return id;
        });
        return methods;
    }

    ChunkTimes chunkTimes(String id) {
        return database.with(handle -> handle.createQuery("WITH took AS (SELECT chunk_no, key_count, worker,"
                        // The two ends are of two clocks.
                        + " greatest(0, extract(epoch FROM finished_at - started_at) * 1000)::bigint AS millis"
                        + " FROM backpop.chunk WHERE campaign_id = :id AND state = 'done')"
                        + " SELECT count(*) AS chunks, count(DISTINCT worker) AS workers,"
                        + " coalesce(sum(millis), 0)::bigint AS together,"
                        + " percentile_disc(0.5) WITHIN GROUP (ORDER BY millis) AS median,"
                        + " (SELECT chunk_no FROM took ORDER BY millis DESC NULLS LAST, chunk_no LIMIT 1) AS slowest,"
                        + " (SELECT key_count FROM took ORDER BY millis DESC NULLS LAST, chunk_no LIMIT 1) AS slowest_keys,"
                        + " max(millis) AS slowest_millis FROM took")
                .bind("id", id)
                .map((row, context) -> new ChunkTimes(
                        row.getLong("chunks"),
                        row.getLong("workers"),
                        Duration.ofMillis(row.getLong("together")),
                        millis(row, "median"),
                        row.getObject("slowest", Integer.class),
                        millis(row, "slowest_millis"),
                        row.getLong("slowest_keys")))
                .one());
    }

    private static @Nullable Duration millis(ResultSet row, String column) throws SQLException {
        Long millis = row.getObject(column, Long.class);
        return millis == null ? null : Duration.ofMillis(millis);
    }
}
