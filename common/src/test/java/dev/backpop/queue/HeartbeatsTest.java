package dev.backpop.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backpop.testing.Servers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeartbeatsTest {
    RedisConnection connection = RedisConnection.open(Servers.redis().url());
    RedisKeys keys = new RedisKeys(Servers.newPrefix());
    Heartbeats heartbeats = new Heartbeats(connection, keys);

    @AfterEach
    void close() {
        connection.close();
    }

    @Test
    void a_worker_that_beats_is_alive_with_all_it_said() {
        WorkerStatus status = new WorkerStatus(
                "w2",
                "host-b",
                42,
                "0.1.0",
                4,
                List.of("a#1", "b#2"),
                1_700_000_000_000L,
                "no legacy store",
                "stopping");

        heartbeats.beat(worker("w1"));
        heartbeats.beat(status);

        assertThat(heartbeats.alive()).containsExactlyInAnyOrder(worker("w1"), status);
    }

    @Test
    void a_problem_that_is_gone_is_no_longer_said() {
        heartbeats.beat(new WorkerStatus("w1", "h", 1, "0.1.0", 1, List.of(), 5, "down", "running"));
        heartbeats.beat(new WorkerStatus("w1", "h", 1, "0.1.0", 1, List.of(), 5, null, "running"));

        assertThat(heartbeats.alive().get(0).problem()).isNull();
    }

    @Test
    void a_worker_that_stopped_beating_is_not_alive() {
        Heartbeats impatient = new Heartbeats(connection, keys, Duration.ofMillis(20));
        impatient.beat(worker("w1"));

        await().until(() -> impatient.alive().isEmpty());
        assertThat(heartbeats.alive()).hasSize(1);
    }

    @Test
    void a_status_expires_and_a_name_long_silent_is_forgotten() {
        heartbeats.beat(worker("w1"));
        connection.once(redis -> redis.zadd(keys.workers(), 1_000.0, "ancient"));

        assertThat(heartbeats.alive()).containsExactly(worker("w1"));

        assertThat(names()).containsExactly("w1");
        assertThat(remainingMillis()).isBetween(1L, 30_000L);
    }

    @Test
    void a_worker_that_stops_is_forgotten_at_once() {
        heartbeats.beat(worker("w1"));

        heartbeats.remove("w1");

        assertThat(heartbeats.alive()).isEmpty();
        assertThat(names()).isEmpty();
    }

    private List<String> names() {
        return connection.once(redis -> redis.zrange(keys.workers(), 0, -1));
    }

    private long remainingMillis() {
        return connection.once(redis -> redis.pttl(keys.worker("w1")));
    }

    static WorkerStatus worker(String name) {
        return new WorkerStatus(name, "host-a", 7, "0.1.0", 2, List.of(), 5, null, "running");
    }
}
