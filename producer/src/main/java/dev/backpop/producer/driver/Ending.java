package dev.backpop.producer.driver;

import dev.backpop.campaign.Campaign;
import dev.backpop.ledger.Totals;
import org.jspecify.annotations.Nullable;

/** What a campaign has left to do once every chunk that was planned is done. For one thread. */
interface Ending {
    /** What comes next. */
    sealed interface Step {
        /** There are chunks to run. */
        record Planned() implements Step {}

        /** It waits, for this reason. */
        record Waiting(String reason) implements Step {}

        /** All is done; the remark is null when there is nothing to add. */
        record Done(@Nullable String remark) implements Step {}
    }

    /**
     * Takes one step, with every chunk done.
     *
     * @throws dev.backpop.problem.StoreUnreachableException when the target cannot be asked
     * @throws dev.backpop.legacy.LegacyUnavailableException when the legacy store cannot be asked
     */
    Step step(Campaign campaign, Totals totals);
}
