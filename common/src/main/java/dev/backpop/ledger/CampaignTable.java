package dev.backpop.ledger;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignSettings;
import dev.backpop.campaign.CampaignSpec;
import dev.backpop.campaign.CampaignState;
import dev.backpop.problem.InvalidInputException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/** Table {@code campaign}. Its rows change when a campaign's state does, never once a chunk. */
final class CampaignTable {
    private static final String SELECT =
            "SELECT id, plan, entity, kind, spec::text AS spec, state, reason, settings::text AS settings,"
                    + " nullif(concat_ws('; ', health_hold, hold_reason), '') AS hold_reason,"
                    + " key_upper::text AS key_upper, plan_cursor::text AS plan_cursor, plan_done, created_at, started_at,"
                    + " finished_at, created_by FROM backpop.campaign ";
    private static final String ACTIVE = "state IN ('planned', 'running', 'paused')";
    private static final String ONE_ACTIVE = "campaign_one_active";

    private final LedgerDatabase database;

    CampaignTable(LedgerDatabase database) {
        this.database = database;
    }

    /** @param listed all of its chunks; null when they are planned as it runs */
    Campaign create(NewCampaign campaign, @Nullable List<NewChunk> listed) {
        try {
            return database.inTransaction(handle -> {
                handle.createUpdate("INSERT INTO backpop.campaign (id, plan, entity, kind, spec, created_by)"
                                + " VALUES (:id, :plan, :entity, :kind, :spec::jsonb, :createdBy)")
                        .bind("id", campaign.id())
                        .bind("plan", campaign.plan())
                        .bind("entity", campaign.entity())
                        .bind("kind", campaign.kind().word())
                        .bind("spec", Storable.jsonb(Storable.JSON.writeValueAsString(campaign.spec())))
                        .bind("createdBy", Storable.text(campaign.createdBy()))
                        .execute();
                if (listed != null) {
                    ChunkTable.insert(handle, campaign.id(), 1, listed);
                    advance(handle, campaign.id(), null, null, true);
                }
                return require(handle, campaign.id(), "");
            });
        } catch (UnableToExecuteStatementException e) {
            String constraint = LedgerDatabase.violatedConstraint(e);
            if (constraint.equals("campaign_pkey")) {
                throw new InvalidInputException("there is a campaign " + campaign.id()
                        + " already: give another --name, or see it with: backpop status " + campaign.id());
            }
            throw constraint.equals(ONE_ACTIVE) ? conflict(campaign.plan(), campaign.entity()) : e;
        }
    }

    Optional<Campaign> find(String id) {
        return database.with(handle -> find(handle, id, ""));
    }

    List<Campaign> list(boolean activeOnly, int limit) {
        return database.with(handle -> handle.createQuery(SELECT + (activeOnly ? "WHERE " + ACTIVE : "")
                        + " ORDER BY created_at DESC, id DESC LIMIT :limit")
                .bind("limit", limit)
                .map((row, context) -> campaign(row))
                .list());
    }

    Campaign transition(String id, CampaignState next, @Nullable String reason) {
        try {
            return database.inTransaction(handle -> transition(handle, id, next, reason));
        } catch (UnableToExecuteStatementException e) {
            if (LedgerDatabase.violatedConstraint(e).equals(ONE_ACTIVE)) {
                Campaign refused = database.with(handle -> require(handle, id, ""));
                throw conflict(refused.plan(), refused.entity());
            }
            throw e;
        }
    }

    private static Campaign transition(Handle handle, String id, CampaignState next, @Nullable String reason) {
        Campaign campaign = lock(handle, id);
        if (campaign.state() == next) {
            return campaign;
        }
        if (!campaign.state().canBecome(next)) {
            throw new InvalidInputException(
                    "campaign " + id + " is " + campaign.state().word() + " and cannot become " + next.word());
        }
        handle.createUpdate("UPDATE backpop.campaign SET state = :state, reason = :reason, hold_reason = NULL,"
                        + " health_hold = NULL,"
                        + " started_at = CASE WHEN :running THEN coalesce(started_at, now()) ELSE started_at END,"
                        + " finished_at = CASE WHEN :ended THEN now() END WHERE id = :id")
                .bind("id", id)
                .bind("state", next.word())
                .bind("reason", reason == null ? null : Storable.text(reason))
                .bind("running", next == CampaignState.RUNNING)
                .bind("ended", next.ended())
                .execute();
        return require(handle, id, "");
    }

    /** Completes a campaign whose chunks are all done; empty when somebody has planned more meanwhile. */
    Optional<Campaign> complete(String id, @Nullable String remark) {
        return database.inTransaction(handle -> {
            lock(handle, id);
            boolean left = handle.createQuery("SELECT EXISTS (SELECT FROM backpop.chunk WHERE campaign_id = :id"
                            + " AND state = 'planned') OR EXISTS (SELECT FROM backpop.chunk WHERE campaign_id = :id"
                            + " AND state = 'failed')")
                    .bind("id", id)
                    .mapTo(Boolean.class)
                    .one();
            return left ? Optional.empty() : Optional.of(transition(handle, id, CampaignState.COMPLETED, remark));
        });
    }

    void hold(String id, @Nullable String reason) {
        database.with(handle -> handle.createUpdate("UPDATE backpop.campaign SET hold_reason = :reason"
                        + " WHERE id = :id AND hold_reason IS DISTINCT FROM :reason"
                        + " AND (state = 'running' OR :reason::text IS NULL)")
                .bind("id", id)
                .bind("reason", reason == null ? null : Storable.text(reason))
                .execute());
    }

    void holdForHealth(String id, @Nullable String reason, boolean replace) {
        database.with(handle -> handle.createUpdate("UPDATE backpop.campaign SET health_hold = :reason WHERE id = :id"
                        + " AND CASE WHEN :reason::text IS NULL THEN health_hold IS NOT NULL ELSE state = 'running' AND"
                        + " (health_hold IS NULL OR :replace AND health_hold <> :reason) END")
                .bind("id", id)
                .bind("reason", reason == null ? null : Storable.text(reason))
                .bind("replace", replace)
                .execute());
    }

    Campaign set(String id, UnaryOperator<CampaignSettings> change) {
        return database.inTransaction(handle -> {
            Campaign campaign = lock(handle, id);
            if (campaign.state().ended()) {
                throw new InvalidInputException("campaign " + id + " is "
                        + campaign.state().word()
                        + ": settings are of campaigns that have not ended; 'backpop campaigns' lists them");
            }
            handle.createUpdate("UPDATE backpop.campaign SET settings = :settings::jsonb WHERE id = :id")
                    .bind("id", id)
                    .bind(
                            "settings",
                            Storable.jsonb(change.apply(campaign.settings()).toJson()))
                    .execute();
            return require(handle, id, "");
        });
    }

    void freezeUpper(String id, @Nullable String keyUpper) {
        database.inTransaction(handle -> {
            Campaign campaign = lock(handle, id);
            int frozen = handle.createUpdate("UPDATE backpop.campaign SET key_upper = :upper::jsonb WHERE id = :id"
                            + " AND (key_upper IS NULL OR key_upper = :upper::jsonb)")
                    .bind("id", id)
                    .bind("upper", keyUpper)
                    .execute();
            if (frozen == 0) {
                throw new PlannedElsewhereException("the upper key bound of campaign " + id + " is frozen at "
                        + campaign.keyUpper() + " and cannot become " + keyUpper);
            }
            return campaign;
        });
    }

    /** Planning's step forward, inside the transaction that appends the chunks; false when another has planned meanwhile. */
    static boolean advance(
            Handle handle, String id, @Nullable String expected, @Nullable String cursor, boolean planDone) {
        return handle.createUpdate("UPDATE backpop.campaign SET plan_cursor = :cursor::jsonb, plan_done = :planDone"
                                + " WHERE id = :id AND NOT plan_done"
                                + " AND plan_cursor IS NOT DISTINCT FROM :expected::jsonb")
                        .bind("id", id)
                        .bind("expected", expected)
                        .bind("cursor", cursor)
                        .bind("planDone", planDone)
                        .execute()
                == 1;
    }

    /** Locks without FOR UPDATE's strength, which foreign key checks would wait for. */
    static Campaign lock(Handle handle, String id) {
        return require(handle, id, " FOR NO KEY UPDATE");
    }

    private static Campaign require(Handle handle, String id, String locking) {
        return find(handle, id, locking)
                .orElseThrow(() ->
                        new InvalidInputException("there is no campaign \"" + id + "\"; backpop campaigns lists them"));
    }

    private static Optional<Campaign> find(Handle handle, String id, String locking) {
        return handle.createQuery(SELECT + "WHERE id = :id" + locking)
                .bind("id", id)
                .map((row, context) -> campaign(row))
                .findOne();
    }

    private CampaignConflictException conflict(String plan, String entity) {
        Optional<Campaign> active = database.with(
                handle -> handle.createQuery(SELECT + "WHERE plan = :plan AND entity = :entity AND " + ACTIVE)
                        .bind("plan", plan)
                        .bind("entity", entity)
                        .map((row, context) -> campaign(row))
                        .findOne());
        if (active.isEmpty()) {
            return new CampaignConflictException(
                    "", "another campaign of " + plan + "/" + entity + " ended just now: try again");
        }
        String id = active.get().id();
        String wayOn = active.get().state() == CampaignState.RUNNING
                ? "Follow it: backpop watch " + id + ", or where nobody drives it any more: backpop resume " + id
                : "Go on with it: backpop resume " + id;
        return new CampaignConflictException(
                id,
                plan + "/" + entity + " has an active campaign already: " + id + " ("
                        + active.get().kind().word() + ", "
                        + active.get().state().word()
                        + "). " + wayOn + "; or end it: backpop cancel " + id);
    }

    private static Campaign campaign(ResultSet row) throws SQLException {
        return new Campaign(
                row.getString("id"),
                row.getString("plan"),
                row.getString("entity"),
                CampaignKind.ofWord(row.getString("kind")),
                Storable.JSON.readValue(row.getString("spec"), CampaignSpec.class),
                CampaignState.ofWord(row.getString("state")),
                row.getString("reason"),
                row.getString("hold_reason"),
                row.getString("key_upper"),
                row.getString("plan_cursor"),
                row.getBoolean("plan_done"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                instant(row, "started_at"),
                instant(row, "finished_at"),
                row.getString("created_by"),
                CampaignSettings.ofJson(row.getString("settings")));
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
