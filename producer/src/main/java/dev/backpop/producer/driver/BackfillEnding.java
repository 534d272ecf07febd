package dev.backpop.producer.driver;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.ChunkState;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.RejectState;
import dev.backpop.ledger.Totals;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.stores.EntityStores;
import dev.backpop.target.ForeignKey;
import dev.backpop.target.RowRemoval;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a backfill has left to do once every chunk is done: rows are tried again whose parents have come, and the closing
 * sweep looks once more at what was written. A repair has the first of these alone. For one thread.
 */
final class BackfillEnding implements Ending {
    /** A round follows one that wrote something, and each finds less; live writers cannot keep it going for ever. */
    static final int MOST_ROUNDS = 5;

    private static final Logger LOG = LoggerFactory.getLogger(BackfillEnding.class);

    private final Ledger ledger;
    private final PostgresPool target;
    private final StoredPlan plan;
    private @Nullable TransactionBarrier barrier;
    private long chunksAtBarrier;

    BackfillEnding(Ledger ledger, PostgresPool target, StoredPlan plan) {
        this.ledger = ledger;
        this.target = target;
        this.plan = plan;
    }

    @Override
    public Step step(Campaign campaign, Totals totals) {
        // By the rejects and not by the counter, which knows nothing of those of the closing sweep.
        Map<RejectState, Long> rejects = ledger.rejectCounts(campaign.id());
        boolean deferred = rejects.getOrDefault(RejectState.DEFERRED, 0L) > 0;
        boolean refused = deferred || rejects.getOrDefault(RejectState.REJECTED, 0L) > 0;
        if ((refused && planArrived(campaign, true)) || (deferred && ledger.planUntold(campaign.id()) > 0)) {
            return new Step.Planned();
        }
        boolean unlisted = false;
        boolean sweeps = campaign.kind() == CampaignKind.BACKFILL
                && plan.entity(campaign).entity().guard().recordsTouches();
        if (sweeps && !plan.entity(campaign).legacy().listsRows()) {
            sweeps = false;
            unlisted = true;
        }
        if (sweeps && ledger.hasUnclosedChunks(campaign.id(), MOST_ROUNDS)) {
            return close(campaign, totals.chunks(ChunkState.DONE));
        }
        List<String> remarks = new ArrayList<>();
        if (unlisted) {
            remarks.add("no closing sweep: the legacy store does not list its rows. Rows that it has lost meanwhile are"
                    + " unexpected to: backpop verify PLAN --entity " + campaign.entity());
        }
        String waiting = deferred ? new MissingParents(ledger, plan).settle(campaign) : null;
        if (waiting != null) {
            remarks.add(waiting);
        }
        if (sweeps) {
            unswept(campaign).ifPresent(remarks::add);
        }
        return new Step.Done(remarks.isEmpty() ? null : String.join("; ", remarks));
    }

    /** What the closing sweep cannot vouch for, and what to do about it; empty when there is nothing. */
    private Optional<String> unswept(Campaign campaign) {
        List<String> reasons = new ArrayList<>();
        long unsettled = ledger.unsettledChunks(campaign.id(), MOST_ROUNDS);
        if (unsettled > 0) {
            reasons.add("its last round, the " + MOST_ROUNDS + "th, still wrote or removed rows in " + unsettled
                    + (unsettled == 1 ? " chunk" : " chunks"));
        }
        EntityStores stores = plan.entity(campaign);
        try (Connection connection = target.connection()) {
            RowRemoval.closingHindrance(connection, campaign.id(), campaign.plan(), stores.entity(), stores.table())
                    .ifPresent(reasons::add);
        } catch (SQLException e) {
            throw target.unreachable(e);
        }
        if (reasons.isEmpty()) {
            return Optional.empty();
        }
        String remark = "the closing sweep may have left rows that are wrong: " + String.join("; ", reasons)
                + ". See whether it has: backpop verify PLAN --entity " + campaign.entity()
                + ", and backpop repair ID with what that finds";
        LOG.warn("campaign {}: {}", campaign.id(), remark);
        return Optional.of(remark);
    }

    /**
     * Plans another try of what was deferred and whose parent is there by now; true when there was any.
     *
     * @param givenUpToo also of what was rejected since because its parent would not come
     */
    boolean planArrived(Campaign campaign, boolean givenUpToo) {
        EntityStores stores = plan.entity(campaign);
        int chunks = 0;
        for (ForeignKey key : stores.table().foreignKeys()) {
            chunks += ledger.planArrived(campaign.id(), key.name(), key.isThere("r.parent_key"), givenUpToo);
        }
        return chunks > 0;
    }

    private Step close(Campaign campaign, long chunksDone) {
        try (Connection connection = target.connection()) {
            TransactionBarrier running = barrier;
            if (running == null || chunksDone != chunksAtBarrier) {
                // What has been written since may have been missed by transactions that began since.
                running = TransactionBarrier.now(connection);
                barrier = running;
                chunksAtBarrier = chunksDone;
            }
            var open = running.open(connection);
            if (open.isPresent()) {
                return new Step.Waiting(
                        "the closing sweep waits for a transaction " + open.get()
                                + " that began before the last row was written: it may have changed rows that it could not see");
            }
        } catch (SQLException e) {
            throw target.unreachable(e);
        }
        barrier = null;
        ledger.planClosing(campaign.id(), MOST_ROUNDS);
        return new Step.Planned();
    }
}
