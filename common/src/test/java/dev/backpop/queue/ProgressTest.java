package dev.backpop.queue;

import static dev.backpop.queue.TaskQueueTest.TEN_WRITTEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.testing.Servers;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProgressTest {
    RedisConnection connection = RedisConnection.open(Servers.redis().url());
    RedisKeys keys = new RedisKeys(Servers.newPrefix());
    Progress progress = new Progress(connection, keys);
    TaskQueue queue = new TaskQueue(connection, keys, TaskQueue.DEFAULT_LEASE);

    @AfterEach
    void close() {
        queue.remove("a");
        connection.close();
    }

    @Test
    void what_is_planned_is_said_in_all_and_may_be_said_twice() {
        progress.setPlanned("a", 3, 30);
        progress.setPlanned("a", 3, 30);

        assertThat(progress.read("a")).isEqualTo(Map.of("chunks.planned", 3L, "keys.enumerated", 30L));
    }

    @Test
    void rebuilding_replaces_everything_that_was_there() {
        queue.ensureGroup("a");
        queue.enqueue("a", List.of(new Task(5, 10)));
        queue.complete(queue.lease("a", "w").orElseThrow(), Counters.NONE.plus(Counter.ROWS_GUARDED, 10));

        progress.rebuild("a", TEN_WRITTEN, 9, 90, bits(1), bits());

        assertThat(progress.read("a"))
                .isEqualTo(Map.of(
                        "keys.enumerated", 90L,
                        "chunks.planned", 9L,
                        "chunks.done", 1L,
                        "chunks.failed", 0L,
                        "rows.read", 10L,
                        "rows.written", 10L));
        queue.enqueue("a", List.of(new Task(5, 10)));
        queue.complete(queue.lease("a", "w").orElseThrow(), TEN_WRITTEN);
        assertThat(progress.read("a")).containsEntry("chunks.done", 2L);
    }

    @Test
    void chunks_counted_by_a_rebuild_are_not_counted_again() {
        queue.ensureGroup("a");
        progress.rebuild("a", TEN_WRITTEN, 9_999, 90, bits(1, 7, 8, 9_999), bits(16));
        int[] chunks = {1, 7, 8, 9_999, 2, 6, 9, 16, 10_000};
        for (int chunk : chunks) {
            queue.enqueue("a", List.of(new Task(chunk, 10)));
            assertThat(queue.complete(queue.lease("a", "w").orElseThrow(), TEN_WRITTEN))
                    .isTrue();
        }

        assertThat(progress.read("a"))
                .containsEntry("chunks.done", 9L)
                .containsEntry("chunks.failed", 0L)
                .containsEntry("rows.written", 60L);
        assertThat(queue.backlog("a").setAside()).isZero();
    }

    static BitSet bits(int... numbers) {
        BitSet bits = new BitSet();
        for (int number : numbers) {
            bits.set(number);
        }
        return bits;
    }
}
