package dev.backpop.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.testing.Servers;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CampaignViewTest {
    RedisConnection connection = RedisConnection.open(Servers.redis().url());
    RedisKeys keys = new RedisKeys(Servers.newPrefix());
    CampaignView view = new CampaignView(connection, keys);

    @AfterEach
    void close() {
        connection.close();
    }

    @Test
    void active_campaigns_are_listed_oldest_first() {
        view.publish("late", Map.of("state", "running"), Instant.ofEpochSecond(200));
        view.publish("early", Map.of("state", "running"), Instant.ofEpochSecond(100));

        assertThat(view.active()).containsExactly("early", "late");
        assertThat(view.exists("late")).isTrue();
        assertThat(view.exists("other")).isFalse();
        assertThat(view.fields("other")).isEmpty();
    }

    @Test
    void publishing_again_keeps_other_fields_and_removes_empty_ones() {
        view.publish("a", Map.of("state", "running", "hold", "legacy store is down"), Instant.EPOCH);
        view.publish("a", Map.of("hold", "", "total", "10"), Instant.EPOCH);

        assertThat(view.fields("a")).isEqualTo(Map.of("state", "running", "total", "10"));
    }

    @Test
    void a_retired_campaign_can_be_watched_until_all_its_keys_expire_together() {
        Progress progress = new Progress(connection, keys);
        TaskQueue queue = new TaskQueue(connection, keys, TaskQueue.DEFAULT_LEASE);
        view.publish("a", Map.of("state", "running"), Instant.EPOCH);
        queue.ensureGroup("a");
        queue.enqueue("a", List.of(new Task(1, 10)));
        queue.complete(queue.lease("a", "w").orElseThrow(), TaskQueueTest.TEN_WRITTEN);

        view.retire("a", Map.of("state", "completed"), Duration.ofDays(7));

        assertThat(view.active()).isEmpty();
        assertThat(view.fields("a")).containsEntry("state", "completed");
        assertThat(progress.read("a")).containsEntry("rows.written", 10L);
        for (String key : List.of(keys.campaign("a"), keys.progress("a"), keys.tasks("a"), keys.counted("a"))) {
            assertThat(remainingSeconds(key)).as(key).isBetween(604_000L, 604_800L);
        }
        BitSet done = new BitSet();
        done.set(1);
        progress.rebuild("a", TaskQueueTest.TEN_WRITTEN, 1, 10, done, new BitSet());
        assertThat(remainingSeconds(keys.progress("a"))).isBetween(604_000L, 604_800L);
        assertThat(remainingSeconds(keys.counted("a"))).isBetween(604_000L, 604_800L);
    }

    @Test
    void a_retired_campaign_that_runs_again_is_kept() {
        view.publish("a", Map.of("state", "running"), Instant.EPOCH);
        new Progress(connection, keys).setPlanned("a", 1, 2);
        view.retire("a", Map.of("state", "failed"), Duration.ofDays(7));

        view.publish("a", Map.of("state", "running"), Instant.EPOCH);

        assertThat(view.active()).containsExactly("a");
        assertThat(remainingSeconds(keys.campaign("a"))).isEqualTo(-1);
        assertThat(remainingSeconds(keys.progress("a"))).isEqualTo(-1);
    }

    private long remainingSeconds(String key) {
        return connection.once(redis -> redis.ttl(key));
    }
}
