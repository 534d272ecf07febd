package dev.backpop.ledger;

import dev.backpop.campaign.Discrepancy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.core.type.TypeReference;

/** Table {@code discrepancy}, read. */
final class DiscrepancyTable {
    private static final int FETCH_SIZE = 500;
    private static final int MOST_GROUPS = 200;
    private static final String SELECT =
            "SELECT chunk_no, state, first_seen, last_seen, checks, key::text AS key, kind,"
                    + " columns::text AS columns, cause FROM backpop.discrepancy ";

    private final LedgerDatabase database;

    DiscrepancyTable(LedgerDatabase database) {
        this.database = database;
    }

    void each(String id, Set<DiscrepancyState> states, int limit, Consumer<StoredDiscrepancy> consumer) {
        database.inTransaction(handle -> {
            handle.createQuery(SELECT + "WHERE campaign_id = :id AND state IN (<states>) ORDER BY id LIMIT :limit")
                    .bind("id", id)
                    .bindList("states", words(states))
                    .bind("limit", limit)
                    .setFetchSize(FETCH_SIZE)
                    .map((row, context) -> stored(row))
                    .forEach(consumer);
            return id;
        });
    }

    Map<Discrepancy.Kind, Long> counts(String id, Set<DiscrepancyState> states) {
        Map<Discrepancy.Kind, Long> counts = new EnumMap<>(Discrepancy.Kind.class);
        for (Discrepancy.Kind kind : Discrepancy.Kind.values()) {
            counts.put(kind, 0L);
        }
        database.with(handle -> {
            handle.createQuery("SELECT kind, count(*) AS found FROM backpop.discrepancy"
                            + " WHERE campaign_id = :id AND state IN (<states>) GROUP BY kind")
                    .bind("id", id)
                    .bindList("states", words(states))
                    .map((row, context) -> Map.entry(kind(row), row.getLong("found")))
                    .forEach(count -> counts.put(count.getKey(), count.getValue()));
            return id;
        });
        return counts;
    }

    List<String> confirmed(String id, Set<Discrepancy.Kind> kinds, int limit) {
        return database.with(handle -> handle.createQuery("SELECT key::text FROM backpop.discrepancy"
                        + " WHERE campaign_id = :id AND state = 'confirmed' AND kind IN (<kinds>)"
                        + " ORDER BY id LIMIT :limit")
                .bind("id", id)
                .bindList("kinds", kinds.stream().map(Discrepancy.Kind::word).toList())
                .bind("limit", limit)
                .mapTo(String.class)
                .list());
    }

    int resolve(String id, String againId) {
        return database.with(handle -> handle.createUpdate("UPDATE backpop.discrepancy SET state = 'resolved',"
                        + " last_seen = now(), checks = checks + 1 WHERE campaign_id = :id AND state <> 'resolved'"
                        + " AND EXISTS (SELECT FROM backpop.chunk, jsonb_array_elements(chunk.keys) AS looked(key)"
                        + " WHERE chunk.campaign_id = :again AND chunk.state = 'done' AND looked.key = discrepancy.key)"
                        + " AND NOT EXISTS (SELECT FROM backpop.discrepancy AS found WHERE found.campaign_id = :again"
                        + " AND found.key = discrepancy.key AND found.state <> 'resolved')")
                .bind("id", id)
                .bind("again", againId)
                .execute());
    }

    List<DiscrepancyGroup> groups(String id, Set<DiscrepancyState> states) {
        return database.with(
                handle -> handle.createQuery("WITH grouped AS (SELECT count(*) AS found, min(id) AS example"
                                + " FROM backpop.discrepancy WHERE campaign_id = :id AND state IN (<states>)"
                                + " GROUP BY kind, jsonb_path_query_array(columns, '$[*].column'), cause"
                                + " ORDER BY found DESC, example LIMIT :most)"
                                + " SELECT grouped.found, key::text AS key, kind, columns::text AS columns, cause FROM grouped"
                                + " JOIN backpop.discrepancy ON discrepancy.id = grouped.example"
                                + " ORDER BY grouped.found DESC, grouped.example")
                        .bind("id", id)
                        .bindList("states", words(states))
                        .bind("most", MOST_GROUPS)
                        .map((row, context) -> group(row.getLong("found"), discrepancy(row)))
                        .list());
    }

    private static List<String> words(Set<DiscrepancyState> states) {
        return states.stream().map(DiscrepancyState::word).toList();
    }

    private static DiscrepancyGroup group(long count, Discrepancy example) {
        List<String> columns =
                example.columns().stream().map(Discrepancy.Difference::column).toList();
        return new DiscrepancyGroup(columns, count, example);
    }

    private static StoredDiscrepancy stored(ResultSet row) throws SQLException {
        return new StoredDiscrepancy(
                row.getInt("chunk_no"),
                DiscrepancyState.ofWord(row.getString("state")),
                row.getObject("first_seen", OffsetDateTime.class).toInstant(),
                row.getObject("last_seen", OffsetDateTime.class).toInstant(),
                row.getInt("checks"),
                discrepancy(row));
    }

    private static Discrepancy discrepancy(ResultSet row) throws SQLException {
        return new Discrepancy(
                row.getString("key"),
                kind(row),
                Storable.JSON.readValue(row.getString("columns"), new TypeReference<List<Discrepancy.Difference>>() {}),
                row.getString("cause"));
    }

    private static Discrepancy.Kind kind(ResultSet row) throws SQLException {
        return Discrepancy.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT));
    }
}
