package dev.backpop.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.ChunkState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CampaignRotationTest {
    @Test
    void a_small_campaign_is_not_stuck_behind_a_large_one_and_a_paused_one_is_left_alone() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(10)) {
            worker.start("large", CampaignKind.BACKFILL, 20);
            worker.start("paused", CampaignKind.BACKFILL, 3);
            worker.start("small", CampaignKind.BACKFILL, 3);
            worker.show("paused", "paused");

            for (int i = 0; i < 6; i++) {
                assertThat(worker.lane.runOnce()).isTrue();
            }

            assertThat(worker.ledger.chunkNumbers("small", ChunkState.DONE)).hasSize(3);
            assertThat(worker.ledger.chunkNumbers("large", ChunkState.DONE)).hasSize(3);
            assertThat(worker.ledger.chunkNumbers("paused", ChunkState.DONE)).isEmpty();
            assertThat(worker.rotation.active()).containsExactlyInAnyOrder("large", "paused", "small");
        }
    }

    @Test
    void what_changes_in_redis_is_seen_after_half_a_second_or_a_hint() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(10)) {
            assertThat(worker.lane.runOnce()).isFalse();
            worker.view.publish("a", java.util.Map.of("state", "running"), java.time.Instant.EPOCH);
            assertThat(worker.rotation.turn()).isEmpty();

            worker.pass(Duration.ofMillis(500));
            assertThat(worker.rotation.turn()).containsExactly("a");
            worker.view.publish("b", java.util.Map.of("state", "running"), java.time.Instant.EPOCH);
            worker.rotation.lookSoon();
            assertThat(worker.rotation.turn()).containsExactly("a", "b");
            worker.rotation.served("a");
            assertThat(worker.rotation.turn()).containsExactly("b", "a");
            worker.rotation.pass("b", 1_000);
            assertThat(worker.rotation.turn()).containsExactly("a");
            worker.pass(Duration.ofNanos(1_000));
            assertThat(worker.rotation.turn()).containsExactly("b", "a");
        }
    }

    @Test
    void backoff_doubles_up_to_a_minute_and_never_overflows() {
        Retries longest = new Retries(() -> 0.999_999);

        assertThat(longest.delay(1)).isBetween(Duration.ofMillis(990), Duration.ofSeconds(1));
        assertThat(longest.delay(4)).isBetween(Duration.ofMillis(7_990), Duration.ofSeconds(8));
        assertThat(longest.delay(1_000)).isBetween(Duration.ofSeconds(59), Duration.ofMinutes(1));
        assertThat(new Retries(() -> 0).delay(5)).isZero();
    }
}
