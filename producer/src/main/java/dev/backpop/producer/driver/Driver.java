package dev.backpop.producer.driver;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.ChunkState;
import dev.backpop.campaign.Counter;
import dev.backpop.ledger.DriverLock;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.PlannedElsewhereException;
import dev.backpop.ledger.Totals;
import dev.backpop.legacy.LegacyUnavailableException;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.StoreUnreachableException;
import dev.backpop.queue.Backlog;
import dev.backpop.queue.Task;
import dev.backpop.queue.TaskQueue;
import dev.backpop.queue.WorkerStatus;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives one campaign: plans chunks as the window drains, keeps Redis true to the ledger, notices the end. Holds the
 * campaign's driver lock; closing it gives the lock back, and any other driver may carry on from the ledger. For one
 * thread.
 */
public final class Driver implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Driver.class);
    private static final Duration CHECK = Duration.ofSeconds(1);
    private static final Duration RECONCILE = Duration.ofSeconds(10);
    /** How often deferred rows are looked at while a backfill runs. */
    private static final Duration DEFERRED = Duration.ofSeconds(5);

    private static final int WINDOW_PER_LANE = 8;
    /** So that the first chunks are run, and a pause or a lost lock noticed, while a large window is still filled. */
    private static final int MOST_PLANNED_AT_ONCE = 64;

    private static final int KEYS_AT_ONCE = 50_000;
    /** More than half of at least this many chunks failing ends a campaign. */
    private static final long FEWEST_CHUNKS_TO_JUDGE = 50;

    private final String id;
    private final Ledger ledger;
    private final Dispatch dispatch;
    private final DriverLock lock;
    private final StoredPlan plan;
    private final ChunkSizer sizer;
    private final BackfillEnding backfillEnding;
    private final Ending verifyEnding;
    private final LongSupplier nanoTime;
    private final HealthHold health;
    private final int mostInWindow;

    private @Nullable ChunkPlanner planner;
    private long doneLastTime;
    private long checkedAt;
    private long reconciledAt;
    private long deferredAt;
    /** Planned chunks that wait in the ledger, as of the last look: before anything new is planned they are queued. */
    private long unqueued;

    private boolean started;
    private boolean held;

    Driver(
            String id,
            Ledger ledger,
            Dispatch dispatch,
            DriverLock lock,
            StoredPlan plan,
            ChunkSizer sizer,
            LongSupplier nanoTime) {
        this(id, ledger, dispatch, lock, plan, sizer, nanoTime, Dispatch.MOST_IN_WINDOW);
    }

    /** @param mostInWindow how many tasks there may be in Redis, however many lanes there are */
    Driver(
            String id,
            Ledger ledger,
            Dispatch dispatch,
            DriverLock lock,
            StoredPlan plan,
            ChunkSizer sizer,
            LongSupplier nanoTime,
            int mostInWindow) {
        this.id = id;
        this.ledger = ledger;
        this.dispatch = dispatch;
        this.lock = lock;
        this.plan = plan;
        this.sizer = sizer;
        this.backfillEnding = new BackfillEnding(ledger, plan.target(), plan);
        this.verifyEnding = new VerifyEnding(ledger, plan.target(), plan, plan.clock());
        this.nanoTime = nanoTime;
        this.health = plan.healthHold(id);
        this.mostInWindow = mostInWindow;
    }

    /**
     * Does what is to be done now.
     *
     * @return the campaign as it stands; when it has ended there is nothing more to do
     * @throws StoreUnreachableException when Redis or the target cannot be reached: try again
     * @throws DriverLostException when another process may be driving
     * @throws InvalidInputException when this process cannot open the campaign's plan, as for a variable that is not set
     *     here; the campaign stays as it is
     */
    public Campaign runOnce() {
        if (!lock.held()) {
            throw new DriverLostException(id);
        }
        Campaign campaign = ledger.find(id).orElseThrow(() -> new DriverLostException(id));
        if (campaign.state() == CampaignState.PLANNED) {
            campaign = moved(CampaignState.RUNNING, null);
        }
        if (campaign.state().ended()) {
            return shown(campaign);
        }
        long now = nanoTime.getAsLong();
        if (!started
                || now - reconciledAt >= RECONCILE.toNanos()
                || !dispatch.view().exists(id)) {
            int missing = dispatch.rebuild(campaign, window());
            if (missing > 0 && started) {
                LOG.info("campaign {}: enqueued {} planned chunks that Redis did not have", id, missing);
            }
            if (!started) {
                dispatch.hint("running " + id);
            }
            started = true;
            reconciledAt = now;
        }
        if (campaign.state() == CampaignState.PAUSED) {
            return shown(campaign);
        }
        return drive(campaign, now);
    }

    private Campaign drive(Campaign campaign, long now) {
        if (dispatch.queue().ensureGroup(id)) {
            dispatch.rebuild(campaign, window());
        }
        Backlog backlog = dispatch.queue().backlog(id);
        if (unqueued > 0 && backlog.outstanding() < window() / 2) {
            enqueueWaiting(window() - backlog.outstanding());
            backlog = dispatch.queue().backlog(id);
        }
        boolean heldForHealth = health.holds(campaign, now);
        boolean planned;
        try {
            planned = campaign.planDone() || (unqueued == 0 && !heldForHealth && plan(campaign, backlog));
        } catch (PlannedElsewhereException e) {
            // Whoever was there, planning goes on from the ledger, with a planner that has read it.
            LOG.info("campaign {}: {}", id, e.getMessage());
            throw new DriverLostException(id);
        } catch (IllegalStateException | InvalidInputException e) {
            if (planner == null && e instanceof InvalidInputException wrong) {
                refuseToOpen(wrong);
            }
            // Whatever it is, it will be so again; the rows already written stay, and the reason is on every screen.
            LOG.warn("campaign {} cannot be planned", id, e);
            return end(
                    CampaignState.FAILED,
                    "planning failed: " + e.getMessage() + "; put it right, then: backpop retry " + id);
        }
        if (now - checkedAt >= CHECK.toNanos() || (planned && backlog.outstanding() == 0)) {
            checkedAt = now;
            return check(planned, now);
        }
        return campaign;
    }

    /** @param room how many tasks the window has room for */
    private void enqueueWaiting(long room) {
        int queued = dispatch.enqueueMissing(id, window());
        unqueued = queued < room ? 0 : Math.max(0, unqueued - queued);
    }

    /** @param outstanding what Redis has, read first: what is split or done meanwhile is then found at the next look */
    private void countWaiting(long outstanding, Totals totals) {
        unqueued = Math.max(0, totals.chunks(ChunkState.PLANNED) - outstanding);
    }

    /** Fills the window; true when there is nothing left to plan. */
    private boolean plan(Campaign campaign, Backlog backlog) {
        int window = window();
        long free = window - backlog.outstanding();
        if (free < window / 2) {
            return false;
        }
        try {
            ChunkPlanner open = planner;
            if (open == null) {
                open = plan.planner(campaign);
                dispatch.publish(campaign, plan.estimatedKeys());
                if (plan.scanned()) {
                    sizer.scanned();
                }
                if (plan.keysAreGroups()) {
                    sizer.grouped();
                }
                planner = open;
            }
            if (open.done()) {
                return true;
            }
            sizer.follow(campaign.settings());
            sizer.observe(ledger.recentChunkTimes(id, ChunkSizer.CHUNKS_LOOKED_AT));
            fill(open, (int) Math.min(free, MOST_PLANNED_AT_ONCE));
            long outstanding = dispatch.queue().backlog(id).outstanding();
            Totals totals = ledger.totals(id);
            countWaiting(outstanding, totals);
            dispatch.progress().setPlanned(id, totals.chunks(), totals.keys());
            dispatch.hint("planned " + id);
            if (held) {
                held = false;
                ledger.hold(id, null);
            }
            return open.done();
        } catch (LegacyUnavailableException e) {
            held = true;
            ledger.hold(id, e.getMessage());
            return false;
        }
    }

    /** Plans so many chunks, a few at a time, so that lanes have the first ones while the keys of the others are read. */
    private void fill(ChunkPlanner open, int chunks) {
        int size = sizer.size(plan.keysAtOnce());
        int planned = 0;
        boolean full = true;
        while (planned < chunks && full && !open.done()) {
            int some = Math.min(chunks - planned, Math.max(1, KEYS_AT_ONCE / size));
            List<Task> tasks = open.plan(some, size);
            dispatch.queue().enqueue(id, tasks);
            planned += tasks.size();
            full = tasks.size() == some;
        }
    }

    /** A campaign that was planned before can be: this process lacks something, and the campaign must not fail for it. */
    private void refuseToOpen(InvalidInputException wrong) {
        if (ledger.totals(id).chunks() > 0) {
            ledger.hold(id, "a producer could not open its plan: " + wrong.getMessage());
            throw wrong;
        }
    }

    private int window() {
        int lanes = dispatch.heartbeats().alive().stream()
                .mapToInt(WorkerStatus::lanes)
                .sum();
        return Math.min(mostInWindow, Math.max(TaskQueue.SMALLEST_WINDOW, lanes * WINDOW_PER_LANE));
    }

    private Campaign check(boolean planned, long now) {
        Campaign campaign = ledger.find(id).orElseThrow(() -> new DriverLostException(id));
        if (campaign.state() != CampaignState.RUNNING) {
            return shown(campaign);
        }
        long outstanding = dispatch.queue().backlog(id).outstanding();
        Totals totals = ledger.totals(id);
        long failed = totals.chunks(ChunkState.FAILED);
        if (failed * 2 > totals.chunks() && totals.chunks() >= FEWEST_CHUNKS_TO_JUDGE) {
            return end(
                    CampaignState.FAILED,
                    failed + " of " + totals.chunks() + " chunks failed, most often with: " + totals.commonestError());
        }
        if (planned && totals.chunks(ChunkState.PLANNED) == 0) {
            return finish(campaign, totals, failed);
        }
        if (totals.counters().get(Counter.ROWS_DEFERRED) > 0 && now - deferredAt >= DEFERRED.toNanos()) {
            deferredAt = now;
            backfillEnding.planArrived(campaign, false);
        }
        countWaiting(outstanding, totals);
        long done = totals.chunks(ChunkState.DONE);
        if (campaign.holdReason() != null && !held && done > doneLastTime) {
            // Whoever held it may have died without saying that it is over.
            ledger.hold(id, null);
        }
        doneLastTime = done;
        return shown(ledger.find(id).orElseThrow(() -> new DriverLostException(id)));
    }

    private Campaign finish(Campaign campaign, Totals totals, long failed) {
        if (failed > 0) {
            return end(
                    CampaignState.FAILED,
                    failed + " of " + totals.chunks() + " chunks failed, most often with: " + totals.commonestError()
                            + "; put it right, then: backpop retry " + id);
        }
        String remark = null;
        if (campaign.kind() != CampaignKind.BACKUP) {
            Ending.Step step;
            try {
                step = ending(campaign, totals);
            } catch (InvalidInputException e) {
                refuseToOpen(e);
                throw e;
            } catch (IllegalStateException e) {
                LOG.warn("campaign {} cannot be brought to its end", id, e);
                return end(
                        CampaignState.FAILED,
                        "it could not be brought to its end: " + e.getMessage() + "; put it right, then: backpop retry "
                                + id);
            }
            if (!(step instanceof Ending.Step.Done done)) {
                return shown(ledger.find(id).orElseThrow(() -> new DriverLostException(id)));
            }
            remark = done.remark();
        }
        var tally = ledger.totals(id).tally(campaign.kind());
        if (!tally.addsUp()) {
            return end(CampaignState.FAILED, "the counts do not add up: " + tally.explain());
        }
        try {
            return shown(ledger.complete(id, remark)
                    .orElseGet(() -> ledger.find(id).orElseThrow(() -> new DriverLostException(id))));
        } catch (InvalidInputException e) {
            LOG.info("campaign {} was to be completed: {}", id, e.getMessage());
            return shown(ledger.find(id).orElseThrow(() -> new DriverLostException(id)));
        }
    }

    private Ending.Step ending(Campaign campaign, Totals totals) {
        try {
            Ending ending = campaign.kind() == CampaignKind.VERIFY ? verifyEnding : backfillEnding;
            Ending.Step step = ending.step(campaign, totals);
            if (step instanceof Ending.Step.Waiting waiting) {
                held = true;
                ledger.hold(id, waiting.reason());
                return step;
            }
            if (held) {
                held = false;
                ledger.hold(id, null);
            }
            if (step instanceof Ending.Step.Planned) {
                dispatch.rebuild(campaign, window());
                dispatch.hint("planned " + id);
            }
            return step;
        } catch (LegacyUnavailableException e) {
            held = true;
            String reason = String.valueOf(e.getMessage());
            ledger.hold(id, reason);
            return new Ending.Step.Waiting(reason);
        }
    }

    private Campaign end(CampaignState state, @Nullable String reason) {
        return shown(moved(state, reason));
    }

    /** Moves the campaign on, unless somebody has moved it since it was read: then it stays where they put it. */
    private Campaign moved(CampaignState state, @Nullable String reason) {
        try {
            return ledger.transition(id, state, reason);
        } catch (InvalidInputException e) {
            LOG.info("campaign {} was to be {}: {}", id, state.word(), e.getMessage());
            return ledger.find(id).orElseThrow(() -> new DriverLostException(id));
        }
    }

    private Campaign shown(Campaign campaign) {
        if (campaign.state().ended()) {
            dispatch.retire(campaign);
        } else {
            dispatch.publish(campaign, plan.estimatedKeys());
        }
        return campaign;
    }

    @Override
    public void close() {
        plan.close();
        lock.close();
    }
}
