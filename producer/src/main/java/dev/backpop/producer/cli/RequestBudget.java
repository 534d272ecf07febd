package dev.backpop.producer.cli;

import dev.backpop.campaign.Campaign;
import dev.backpop.ledger.Totals;
import dev.backpop.plan.From;
import dev.backpop.queue.BudgetState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The request budget of a legacy store, and what a campaign still needs of it.
 *
 * @param requestsLeft how many requests the campaign's keys take that are left, at least; null when nobody knows how many keys
 *     there are
 */
record RequestBudget(BudgetState state, @Nullable Long requestsLeft) {
    /**
     * As far as it is known how many keys are left.
     *
     * @param estimate how many keys there may be; null when nobody has said so
     */
    static RequestBudget of(BudgetState state, From from, Campaign campaign, Totals totals, @Nullable Long estimate) {
        boolean part = campaign.spec().from() != null || campaign.spec().to() != null;
        Long all = campaign.planDone() ? Long.valueOf(totals.keys()) : part ? null : estimate;
        if (all == null || !(from instanceof From.Things things)) {
            return new RequestBudget(state, null);
        }
        long keys = Math.max(0, all - totals.keysDone());
        long atOnce = things.thing().keysAtOnce();
        return new RequestBudget(state, (keys + atOnce - 1) / atOnce);
    }

    /** How long the campaign takes yet, at least, if nobody else asks; null when it cannot be told. */
    @Nullable
    Duration timeLeft() {
        return requestsLeft == null ? null : state.timeFor(requestsLeft);
    }
}
