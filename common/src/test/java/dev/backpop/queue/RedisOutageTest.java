package dev.backpop.queue;

import static dev.backpop.queue.TaskQueueTest.ID;
import static dev.backpop.queue.TaskQueueTest.TEN_WRITTEN;
import static dev.backpop.queue.TaskQueueTest.tasks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.problem.StoreUnreachableException;
import dev.backpop.scratch.ScratchRedis;
import dev.backpop.testing.Servers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RedisOutageTest {
    ScratchRedis server = ScratchRedis.start(Servers.newFolder());
    RedisConnection connection = RedisConnection.open(server.url());
    RedisKeys keys = new RedisKeys("backpop");
    TaskQueue queue = new TaskQueue(connection, keys, TaskQueue.DEFAULT_LEASE);
    Progress progress = new Progress(connection, keys);

    @AfterEach
    void stop() {
        connection.close();
        server.close();
    }

    @Test
    void after_a_flush_leases_are_void_and_the_group_is_said_to_be_gone() {
        queue.ensureGroup(ID);
        queue.enqueue(ID, tasks(1, 2));
        Lease held = queue.lease(ID, "a").orElseThrow();

        connection.once(redis -> redis.flushAll());

        assertThat(queue.lease(ID, "a")).isEmpty();
        assertThat(queue.renew(held)).isFalse();
        assertThat(queue.complete(held, TEN_WRITTEN)).isFalse();
        assertThat(progress.read(ID)).isEmpty();
        assertThat(queue.ensureGroup(ID)).isTrue();
        queue.enqueue(ID, tasks(1, 2));
        assertThat(queue.complete(held, TEN_WRITTEN)).isFalse();
        assertThat(queue.lease(ID, "a")).isPresent();
    }

    @Test
    void scripts_that_the_server_forgot_are_sent_again() {
        queue.ensureGroup(ID);
        queue.enqueue(ID, tasks(1, 1));
        connection.once(redis -> redis.scriptFlush());

        Lease held = queue.lease(ID, "a").orElseThrow();
        connection.once(redis -> redis.scriptFlush());
        progress.rebuild(ID, TEN_WRITTEN, 1, 10, new java.util.BitSet(), new java.util.BitSet());

        assertThat(queue.complete(held, TEN_WRITTEN)).isTrue();
        assertThat(progress.read(ID)).containsEntry("rows.written", 20L);
    }

    @Test
    void a_server_that_comes_back_is_used_again_without_an_error() {
        fillThePool();
        server.close();
        assertThatThrownBy(() -> queue.lease(ID, "a"))
                .isInstanceOf(StoreUnreachableException.class)
                .hasMessageContaining("127.0.0.1:" + server.port())
                .hasMessageContaining("BACKPOP_REDIS_URL");
        server = ScratchRedis.startOn(server.port(), Servers.newFolder());

        assertThat(queue.lease(ID, "a")).isEmpty();
        assertThat(queue.ensureGroup(ID)).isTrue();
        queue.enqueue(ID, tasks(1, 1));
        assertThat(queue.lease(ID, "a")).isPresent();
    }

    @Test
    void one_broken_connection_among_many_is_enough_to_drop_them_all() {
        fillThePool();
        server.close();
        server = ScratchRedis.startOn(server.port(), Servers.newFolder());

        assertThat(queue.ensureGroup(ID)).isTrue();
        for (int i = 0; i < 10; i++) {
            queue.enqueue(ID, tasks(i + 1, i + 1));
        }
        assertThat(queue.backlog(ID).queued()).isEqualTo(10);
    }

    @Test
    void a_full_redis_takes_no_more_chunks_and_hands_back_every_one_it_has() {
        server.close();
        server = ScratchRedis.startOn(
                server.port(), Servers.newFolder(), "maxmemory 2mb", "maxmemory-policy noeviction");
        connection.check();
        queue.ensureGroup(ID);
        List<Integer> accepted = new ArrayList<>();

        assertThatThrownBy(() -> {
                    for (int chunk = 1; chunk < 1_000_000; chunk += 500) {
                        queue.enqueue(ID, tasks(chunk, chunk + 499));
                        IntStream.range(chunk, chunk + 500).forEach(accepted::add);
                    }
                })
                .isInstanceOf(StoreUnreachableException.class)
                .hasMessageContaining("maxmemory")
                .hasMessageContaining("127.0.0.1:" + server.port());

        assertThat(queue.chunks(ID)).containsExactlyElementsOf(accepted).hasSizeGreaterThan(500);
        Lease released = queue.lease(ID, "a").orElseThrow();
        assertThat(queue.release(released)).isTrue();
        assertThat(queue.setAside(queue.lease(ID, "a").orElseThrow(), "bad")).isTrue();
        assertThat(queue.retryLater(queue.lease(ID, "a").orElseThrow(), java.time.Duration.ZERO))
                .isTrue();
        assertThat(queue.promoteDue(ID, 1)).isEqualTo(1);
        for (int i = 0; i < 100; i++) {
            Lease held = queue.lease(ID, "a").orElseThrow();
            assertThat(queue.renew(held)).isTrue();
            assertThat(queue.complete(held, TEN_WRITTEN)).isTrue();
        }
        assertThat(queue.chunks(ID)).hasSize(accepted.size() - 101);
        assertThat(progress.read(ID))
                .isEqualTo(
                        Map.of("chunks.failed", 1L, "chunks.done", 100L, "rows.read", 1_000L, "rows.written", 1_000L));
    }

    /** Leaves several idle connections in the pool. */
    void fillThePool() {
        CompletableFuture.allOf(IntStream.range(0, 6)
                        .mapToObj(i ->
                                CompletableFuture.runAsync(() -> connection.once(redis -> redis.blpop(0.2, "nothing"))))
                        .toArray(CompletableFuture[]::new))
                .join();
    }
}
