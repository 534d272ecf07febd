package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignSettings;
import dev.backpop.campaign.CampaignSpec;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.Counters;
import dev.backpop.ledger.Totals;
import dev.backpop.plan.From;
import dev.backpop.queue.BudgetState;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequestBudgetTest {
    private static final BudgetState HUNDRED_A_MINUTE = new BudgetState(
            100, Duration.ofMinutes(1), 0, 0, Duration.ofMillis(600), null, Duration.ofSeconds(3), null);

    @Test
    void the_keys_that_are_left_take_a_request_for_each_hundred_or_for_each_group() {
        RequestBudget posts = budget(From.Thing.POSTS, null, false, 10_150L);
        assertThat(posts.requestsLeft()).isEqualTo(101);
        assertThat(posts.timeLeft()).isEqualTo(Duration.ofMillis(63_600));

        assertThat(budget(From.Thing.COMMENTS, null, false, 10_150L).requestsLeft())
                .isEqualTo(10_050);
        assertThat(budget(From.Thing.POSTS, null, true, 10_150L).requestsLeft()).isEqualTo(1);
    }

    @Test
    void of_a_part_nobody_knows_how_many_are_left_before_all_is_planned() {
        assertThat(budget(From.Thing.POSTS, "[5]", false, 10_150L).timeLeft()).isNull();
        assertThat(budget(From.Thing.POSTS, null, false, null).timeLeft()).isNull();
        assertThat(budget(From.Thing.POSTS, "[5]", true, null).timeLeft()).isEqualTo(Duration.ofMillis(3_600));
    }

    /** 100 keys of 200 planned ones are done. */
    private static RequestBudget budget(
            From.Thing thing, @Nullable String from, boolean planDone, @Nullable Long estimate) {
        Campaign campaign = new Campaign(
                "c",
                "p",
                "e",
                CampaignKind.BACKFILL,
                new CampaignSpec("", "/", from, null, false),
                CampaignState.RUNNING,
                null,
                null,
                null,
                null,
                planDone,
                Instant.EPOCH,
                null,
                null,
                "ann",
                CampaignSettings.NONE);
        Totals totals = new Totals(Map.of(), 200, 100, Counters.NONE, null, null);
        return RequestBudget.of(HUNDRED_A_MINUTE, new From.Things(thing), campaign, totals, estimate);
    }
}
