package dev.backpop.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.CampaignKind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CampaignHoldsTest {
    @Test
    void a_hold_whose_end_is_known_lasts_until_then_and_no_longer() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(10)) {
            worker.start("a", CampaignKind.BACKFILL, 1);
            for (int i = 0; i < 8; i++) {
                worker.holds.hold("a", "the budget is spent until noon", Duration.ofSeconds(40));

                worker.pass(Duration.ofSeconds(39));
                assertThat(worker.rotation.turn()).isEmpty();
                worker.pass(Duration.ofSeconds(1));
                assertThat(worker.rotation.turn()).containsExactly("a");
            }
            assertThat(worker.holdReason("a")).isEqualTo("the budget is spent until noon");

            assertThat(worker.runAll()).isOne();
            assertThat(worker.holdReason("a")).isEqualTo("null");
        }
    }

    @Test
    void a_hold_of_which_nothing_is_known_lasts_longer_each_time() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(10)) {
            worker.start("a", CampaignKind.BACKFILL, 1);
            for (long millis : new long[] {500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000}) {
                worker.holds.hold("a", "it is down");

                worker.pass(Duration.ofMillis(millis - 1));
                assertThat(worker.rotation.turn()).isEmpty();
                worker.pass(Duration.ofMillis(1));
                assertThat(worker.rotation.turn()).containsExactly("a");
            }
        }
    }
}
