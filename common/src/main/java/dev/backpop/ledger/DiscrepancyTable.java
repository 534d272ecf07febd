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
    /** A cause that names keys or values would make a group of every row: those stand as an ellipsis. */
    private static final String CAUSE =
            "regexp_replace(regexp_replace(cause, '\\[[^]]*\\]', '[…]', 'g'), '=\\([^)]*\\)', '=(…)', 'g')";

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

    List<String> confirmedKeys(String id, Set<Discrepancy.Kind> kinds, int limit) {
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

    private static List<String> words(Set<DiscrepancyState> states) {
        return states.stream().map(DiscrepancyState::word).toList();
    }

    /** Those that an SQL condition on their state lets in. */
    private List<DiscrepancyGroup> groups(String id, String states, int limit) {
        return database.with(
                handle -> handle.createQuery("WITH grouped AS (SELECT count(*) AS found, min(id) AS example,"
                                + " max(id) AS last, " + CAUSE + " AS group_cause"
                                + " FROM backpop.discrepancy WHERE campaign_id = :id AND " + states
                                + " GROUP BY kind, jsonb_path_query_array(columns, '$[*].column'),"
                                + " jsonb_path_query_array(columns, '$[*].cause'), group_cause"
                                + " ORDER BY found DESC, example LIMIT :most)"
                                + " SELECT grouped.found, grouped.group_cause, one.key::text AS key, one.kind,"
                                + " one.columns::text AS columns, one.cause, another.key::text AS last_key,"
                                + " another.columns::text AS last_columns, another.cause AS last_cause FROM grouped"
                                + " JOIN backpop.discrepancy AS one ON one.id = grouped.example"
                                + " JOIN backpop.discrepancy AS another ON another.id = grouped.last"
                                + " ORDER BY grouped.found DESC, grouped.example")
                        .bind("id", id)
                        .bind("most", limit)
                        .map((row, context) -> group(row))
                        .list());
    }

    List<DiscrepancyGroup> open(String id) {
        return groups(id, "state <> 'resolved'", MOST_GROUPS);
    }

    List<DiscrepancyGroup> confirmed(String id, int limit) {
        return groups(id, "state = 'confirmed'", limit);
    }

    List<StoredDiscrepancy> busiest(String id, int limit) {
        return database.with(handle -> handle.createQuery(
                        SELECT + "WHERE campaign_id = :id AND state = 'pending' ORDER BY checks DESC, id LIMIT :limit")
                .bind("id", id)
                .bind("limit", limit)
                .map((row, context) -> stored(row))
                .list());
    }

    private static DiscrepancyGroup group(ResultSet row) throws SQLException {
        Discrepancy example = discrepancy(row);
        return new DiscrepancyGroup(
                example.columns().stream().map(Discrepancy.Difference::column).toList(),
                row.getString("group_cause"),
                row.getLong("found"),
                example,
                new Discrepancy(
                        row.getString("last_key"),
                        example.kind(),
                        differences(row.getString("last_columns")),
                        row.getString("last_cause")));
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
                row.getString("key"), kind(row), differences(row.getString("columns")), row.getString("cause"));
    }

    private static List<Discrepancy.Difference> differences(String json) {
        return Storable.JSON.readValue(json, new TypeReference<List<Discrepancy.Difference>>() {});
    }

    private static Discrepancy.Kind kind(ResultSet row) throws SQLException {
        return Discrepancy.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT));
    }
}
