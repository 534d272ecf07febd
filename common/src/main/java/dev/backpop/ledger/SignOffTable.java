package dev.backpop.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Table {@code sign_off}, and what makes a sign-off stale. */
final class SignOffTable {
    private static final int MOST_NAMED = 5;
    private static final String COLUMNS =
            "campaign_id, plan, entity, signed_by, note, tolerated, verdict::text AS verdict, signed_at";

    private final LedgerDatabase database;

    SignOffTable(LedgerDatabase database) {
        this.database = database;
    }

    SignOff add(String id, String signedBy, @Nullable String note, List<String> tolerated, String verdict) {
        return database.with(handle -> handle.createQuery("INSERT INTO backpop.sign_off (campaign_id, plan, entity,"
                        + " signed_by, note, tolerated, verdict) SELECT id, plan, entity, :by, :note, :tolerated,"
                        + " :verdict::jsonb FROM backpop.campaign WHERE id = :id RETURNING "
                        + COLUMNS)
                .bind("id", id)
                .bind("by", Storable.text(signedBy))
                .bind("note", note == null ? null : Storable.text(note))
                .bind("tolerated", LedgerDatabase.texts(tolerated.toArray(new String[0])))
                .bind("verdict", Storable.jsonb(verdict))
                .map((row, context) -> signOff(row))
                .one());
    }

    Optional<SignOff> last(String id) {
        return database.with(handle -> handle.createQuery("SELECT " + COLUMNS + " FROM backpop.sign_off"
                        + " WHERE campaign_id = :id ORDER BY sign_off.id DESC LIMIT 1")
                .bind("id", id)
                .map((row, context) -> signOff(row))
                .findOne());
    }

    LaterWrites writesSince(String id) {
        return database.with(handle -> handle.createQuery("WITH later AS (SELECT writer.id, writer.created_at"
                        + " FROM backpop.campaign AS verification JOIN backpop.campaign AS writer"
                        + " ON writer.plan = verification.plan AND writer.entity = verification.entity"
                        + " AND writer.kind IN ('backfill', 'repair') AND writer.id <> verification.id"
                        + " CROSS JOIN LATERAL (SELECT coalesce(verification.started_at, verification.created_at) AS at)"
                        + " AS began WHERE verification.id = :id AND (writer.created_at >= began.at"
                        // Not ended: it may write any time. Ended since, or a chunk that was under way then: it did.
                        + " OR writer.finished_at IS NULL OR writer.finished_at >= began.at"
                        + " OR EXISTS (SELECT FROM backpop.chunk WHERE chunk.campaign_id = writer.id"
                        + " AND chunk.state = 'done' AND chunk.finished_at >= began.at)))"
                        + " SELECT clock_timestamp() AS now, (SELECT count(*) FROM later) AS campaigns,"
                        + " ARRAY(SELECT later.id FROM later ORDER BY created_at DESC, later.id LIMIT :most) AS newest")
                .bind("id", id)
                .bind("most", MOST_NAMED)
                .map((row, context) -> new LaterWrites(
                        row.getObject("now", OffsetDateTime.class).toInstant(),
                        row.getLong("campaigns"),
                        texts(row, "newest")))
                .one());
    }

    private static SignOff signOff(ResultSet row) throws SQLException {
        return new SignOff(
                row.getString("campaign_id"),
                row.getString("plan"),
                row.getString("entity"),
                row.getString("signed_by"),
                row.getString("note"),
                texts(row, "tolerated"),
                row.getString("verdict"),
                row.getObject("signed_at", OffsetDateTime.class).toInstant());
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }
}
