package dev.backpop.producer.driver;

import dev.backpop.campaign.Campaign;
import dev.backpop.ledger.CampaignCheck;
import dev.backpop.ledger.Generation;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.Totals;
import dev.backpop.plan.DurationText;
import dev.backpop.plan.Verification;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.stores.EntityStores;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The generations of a verification: what did not match is looked at again, until it matches, or persists while both rows
 * hold still, or has changed at so many looks that it is listed as busy.
 *
 * <p>Between two looks lies a time that doubles from the plan's {@code settle} up to a minute, and then every transaction of
 * the target ends that had written something when that time was over: what a live writer has begun within it is there by
 * then, however long it takes. After the last look comes what is proved of the whole: counts, foreign keys, sequences.
 */
final class VerifyEnding implements Ending {
    private static final Duration LONGEST = Duration.ofMinutes(1);
    /** How often both sides are counted, at most, while the counts move. */
    private static final int MOST_COUNTS = 4;

    private final Ledger ledger;
    private final PostgresPool target;
    private final StoredPlan plan;
    private final Clock clock;
    private final VerificationChecks checks;
    private @Nullable TransactionBarrier barrier;
    private int checksAtBarrier;
    private int counted;
    private Instant countedAt = Instant.MIN;

    VerifyEnding(Ledger ledger, PostgresPool target, StoredPlan plan, Clock clock) {
        this.ledger = ledger;
        this.target = target;
        this.plan = plan;
        this.clock = clock;
        this.checks = new VerificationChecks(ledger, plan, clock);
    }

    @Override
    public Step step(Campaign campaign, Totals totals) {
        Verification verification = plan.entityOf(campaign).verification();
        Generation generation = ledger.generation(campaign.id(), verification.looks());
        if (generation.pending() == 0) {
            return check(campaign, totals, verification.settle());
        }
        Duration left = pause(verification.settle(), generation.checks()).minus(generation.sinceLastLook());
        if (left.compareTo(Duration.ZERO) > 0) {
            return new Step.Waiting("looks again at " + rows(generation.pending()) + " that did not match, in "
                    + DurationText.of(Duration.ofSeconds(left.toSeconds() + 1))
                    + ": live writers may have been at work on them");
        }
        // Not before: a second write may begin as late as rows are given to settle.
        Optional<String> open = open(generation);
        if (open.isPresent()) {
            return new Step.Waiting("waits for a transaction " + open.get() + " before it looks again at "
                    + rows(generation.pending()) + " that did not match: it may have changed them and not committed");
        }
        barrier = null;
        ledger.planRechecks(campaign.id(), verification.looks());
        return new Step.Planned();
    }

    /** What is proved of the whole, once every row has been looked at for the last time. */
    private Step check(Campaign campaign, Totals totals, Duration settle) {
        if (counted > 0 && Duration.between(countedAt, clock.instant()).abs().compareTo(pause(settle, counted)) < 0) {
            return counting();
        }
        EntityStores stores = plan.entity(campaign);
        List<CampaignCheck> found = checks.run(campaign, stores, totals);
        ledger.keepChecks(campaign.id(), found);
        counted++;
        countedAt = clock.instant();
        if (counted < MOST_COUNTS && found.stream().anyMatch(check -> check.state() == CampaignCheck.State.MOVING)) {
            return counting();
        }
        new RowCauses(ledger, plan.limitedTarget(campaign)).explain(campaign.id(), stores);
        return new Step.Done(remark(campaign, found));
    }

    private static Step counting() {
        return new Step.Waiting(
                "counts both sides once more: what they have does not agree with what was compared, and live"
                        + " writers may have been at work");
    }

    /** How to tell people of a transaction that had written when rows were settled and has not ended; empty when all have. */
    private Optional<String> open(Generation generation) {
        try (Connection connection = target.connection()) {
            TransactionBarrier writing = barrier;
            if (writing == null || generation.checks() != checksAtBarrier) {
                writing = TransactionBarrier.ofWriters(connection);
                barrier = writing;
                checksAtBarrier = generation.checks();
            }
            return writing.open(connection);
        } catch (SQLException e) {
            throw target.unreachable(e);
        }
    }

    static Duration pause(Duration settle, int checks) {
        Duration longest = settle.compareTo(LONGEST) > 0 ? settle : LONGEST;
        Duration pause = settle.multipliedBy(1L << Math.min(10, Math.max(0, checks - 1)));
        return pause.compareTo(longest) > 0 ? longest : pause;
    }

    private static String rows(long count) {
        return count == 1 ? "1 row" : count + " rows";
    }

    private @Nullable String remark(Campaign campaign, List<CampaignCheck> found) {
        List<String> remarks = new ArrayList<>();
        long busy = ledger.generation(campaign.id(), Integer.MAX_VALUE).pending();
        if (busy > 0) {
            remarks.add(rows(busy) + " changed at every look and " + (busy == 1 ? "is" : "are")
                    + " busy: neither proven nor wrong");
        }
        for (CampaignCheck check : found) {
            if (check.state() == CampaignCheck.State.FAILED || check.state() == CampaignCheck.State.MOVING) {
                remarks.add(check.name() + " " + check.subject() + " "
                        + check.state().word() + ": " + check.message());
            }
        }
        return remarks.isEmpty() ? null : String.join("; ", remarks);
    }
}
