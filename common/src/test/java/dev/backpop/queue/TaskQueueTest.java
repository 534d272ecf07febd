package dev.backpop.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.testing.Servers;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.params.XPendingParams;

class TaskQueueTest {
    static final String ID = "post-backfill-1";
    static final Counters TEN_WRITTEN =
            Counters.NONE.plus(Counter.ROWS_READ, 10).plus(Counter.ROWS_WRITTEN, 10);

    RedisConnection connection = RedisConnection.open(url());
    RedisKeys keys = new RedisKeys(Servers.newPrefix());
    TaskQueue queue = new TaskQueue(connection, keys, TaskQueue.DEFAULT_LEASE);
    TaskQueue hasty = new TaskQueue(connection, keys, Duration.ofMillis(1));
    Progress progress = new Progress(connection, keys);

    String url() {
        return Servers.redis().url();
    }

    @BeforeEach
    void create_group() {
        assertThat(queue.ensureGroup(ID)).isTrue();
    }

    @AfterEach
    void close() {
        queue.remove(ID);
        connection.close();
    }

    @Test
    void the_group_is_created_once() {
        assertThat(queue.ensureGroup(ID)).isFalse();
    }

    @Test
    void chunks_are_leased_in_the_order_they_were_queued() {
        queue.enqueue(ID, List.of(new Task(2, 5), new Task(1, 7)));

        Lease first = lease("a");

        assertThat(first.chunkNo()).isEqualTo(2);
        assertThat(first.deliveries()).isEqualTo(1);
        assertThat(first.consumer()).isEqualTo("a");
        assertThat(lease("b").chunkNo()).isEqualTo(1);
        assertThat(queue.lease(ID, "c")).isEmpty();
    }

    @Test
    void many_tasks_are_queued_in_batches() {
        queue.enqueue(ID, tasks(1, 1_201));

        assertThat(queue.backlog(ID)).isEqualTo(new Backlog(1_201, 0, 0, 0));
        assertThat(queue.chunks(ID)).hasSize(1_201).contains(1, 500, 501, 1_201);
    }

    @Test
    void two_consumers_never_hold_one_entry() {
        queue.enqueue(ID, tasks(1, 200));
        ConcurrentLinkedQueue<Lease> held = new ConcurrentLinkedQueue<>();

        CompletableFuture.allOf(IntStream.range(0, 4)
                        .mapToObj(lane -> CompletableFuture.runAsync(() -> {
                            Optional<Lease> lease = queue.lease(ID, "lane" + lane);
                            while (lease.isPresent()) {
                                held.add(lease.get());
                                lease = queue.lease(ID, "lane" + lane);
                            }
                        }))
                        .toArray(CompletableFuture[]::new))
                .join();

        Set<String> entries = new HashSet<>();
        held.forEach(lease -> assertThat(entries.add(lease.entryId())).isTrue());
        assertThat(entries).hasSize(200);
    }

    @Test
    void an_expired_lease_goes_to_another_and_the_old_holder_is_refused_everything() {
        queue.enqueue(ID, List.of(new Task(1, 10)));
        Lease old = lease("old");
        Lease now = leaseExpired("new");

        assertThat(now.entryId()).isEqualTo(old.entryId());
        assertThat(now.deliveries()).isEqualTo(2);
        assertThat(queue.renew(old)).isFalse();
        assertThat(queue.complete(old, TEN_WRITTEN)).isFalse();
        assertThat(queue.release(old)).isFalse();
        assertThat(queue.retryLater(old, Duration.ZERO)).isFalse();
        assertThat(queue.setAside(old, "no")).isFalse();
        assertThat(queue.backlog(ID)).isEqualTo(new Backlog(0, 1, 0, 0));
        assertThat(progress.read(ID)).isEmpty();
        assertThat(queue.complete(now, TEN_WRITTEN)).isTrue();
    }

    @Test
    void a_consumer_that_gets_its_own_entry_again_holds_it_once() {
        queue.enqueue(ID, List.of(new Task(1, 10)));
        Lease old = lease("same");
        Lease now = leaseExpired("same");

        assertThat(queue.renew(old)).isFalse();
        assertThat(queue.complete(old, TEN_WRITTEN)).isFalse();
        assertThat(queue.renew(now)).isTrue();
    }

    @Test
    void a_split_chunk_gives_way_to_its_parts_once() {
        queue.enqueue(ID, List.of(new Task(1, 10)));
        progress.setPlanned(ID, 1, 10);
        Lease lost = lease("a");
        Lease lease = leaseExpired("b");

        assertThat(queue.split(lost, List.of(new Task(2, 5), new Task(3, 5)))).isFalse();
        assertThat(queue.split(lease, List.of(new Task(2, 5), new Task(3, 5)))).isTrue();
        assertThat(queue.split(lease, List.of(new Task(2, 5), new Task(3, 5)))).isFalse();

        assertThat(queue.chunks(ID)).containsExactly(2, 3);
        assertThat(queue.backlog(ID)).isEqualTo(new Backlog(2, 0, 0, 0));
        assertThat(progress.read(ID)).isEqualTo(Map.of("chunks.planned", 2L, "keys.enumerated", 10L));
    }

    @Test
    void of_the_parts_of_a_split_chunk_those_that_the_window_has_no_room_for_wait_in_the_ledger() {
        queue.enqueue(ID, tasks(1, TaskQueue.SMALLEST_WINDOW));
        progress.setPlanned(ID, TaskQueue.SMALLEST_WINDOW, 640);
        assertThat(queue.retryLater(lease("a"), Duration.ofHours(1))).isTrue();

        assertThat(queue.split(lease("a"), List.of(new Task(101, 5), new Task(102, 5))))
                .isTrue();

        assertThat(queue.chunks(ID))
                .hasSize(TaskQueue.SMALLEST_WINDOW)
                .contains(101)
                .doesNotContain(102);
        assertThat(progress.read(ID)).containsEntry("chunks.planned", TaskQueue.SMALLEST_WINDOW + 1L);
    }

    @Test
    void a_split_chunk_whose_parts_others_queue_only_goes() {
        queue.enqueue(ID, List.of(new Task(1, 10)));

        assertThat(queue.split(lease("a"), List.of())).isTrue();

        assertThat(queue.backlog(ID)).isEqualTo(new Backlog(0, 0, 0, 0));
        assertThat(progress.read(ID)).isEmpty();
    }

    @Test
    void an_expired_lease_comes_before_new_chunks() {
        queue.enqueue(ID, tasks(1, 2));
        lease("dead");

        assertThat(leaseExpired("b").chunkNo()).isEqualTo(1);
    }

    @Test
    void a_lease_in_force_is_not_taken() {
        queue.enqueue(ID, List.of(new Task(1, 10)));
        lease("a");

        assertThat(queue.lease(ID, "b")).isEmpty();
    }

    @Test
    void renewing_keeps_the_lease_and_counts_no_delivery() {
        queue.enqueue(ID, List.of(new Task(1, 10)));
        Lease held = lease("a");
        TaskQueue patient = new TaskQueue(connection, keys, Duration.ofSeconds(2));
        await().until(() -> idleMillis() > 20);

        assertThat(queue.renew(held)).isTrue();

        assertThat(idleMillis()).isLessThan(2_000);
        assertThat(patient.lease(ID, "b")).isEmpty();
        assertThat(queue.renew(held)).isTrue();
        assertThat(leaseExpired("b").deliveries()).isEqualTo(2);
    }

    @Test
    void renewing_starts_the_idle_time_anew() {
        queue.enqueue(ID, List.of(new Task(1, 10)));
        Lease held = lease("a");
        await().until(() -> idleMillis() >= 300);

        queue.renew(held);

        assertThat(idleMillis()).isLessThan(300);
    }

    @Test
    void completing_empties_the_queue_and_counts() {
        queue.enqueue(ID, List.of(new Task(1, 10)));

        assertThat(queue.complete(lease("a"), TEN_WRITTEN)).isTrue();

        assertThat(queue.backlog(ID)).isEqualTo(new Backlog(0, 0, 0, 0));
        assertThat(queue.chunks(ID)).isEmpty();
        assertThat(progress.read(ID))
                .containsEntry("chunks.done", 1L)
                .containsEntry("rows.read", 10L)
                .containsEntry("rows.written", 10L)
                .hasSize(3);
    }

    @Test
    void completing_twice_counts_once() {
        queue.enqueue(ID, List.of(new Task(1, 10)));
        Lease held = lease("a");

        assertThat(queue.complete(held, TEN_WRITTEN)).isTrue();
        assertThat(queue.complete(held, TEN_WRITTEN)).isFalse();

        assertThat(progress.read(ID)).containsEntry("chunks.done", 1L).containsEntry("rows.written", 10L);
    }

    @Test
    void a_chunk_that_is_queued_twice_counts_once() {
        queue.enqueue(ID, List.of(new Task(7, 10), new Task(7, 10), new Task(8, 10)));

        for (int i = 0; i < 3; i++) {
            assertThat(queue.complete(lease("a"), TEN_WRITTEN)).isTrue();
        }

        assertThat(progress.read(ID)).containsEntry("chunks.done", 2L).containsEntry("rows.written", 20L);
        assertThat(queue.chunks(ID)).isEmpty();
    }

    @Test
    void released_chunks_can_be_leased_at_once_as_if_never_delivered() {
        queue.enqueue(ID, List.of(new Task(1, 10)));
        Lease held = lease("a");

        assertThat(queue.release(held)).isTrue();

        Lease again = lease("b");
        assertThat(again.chunkNo()).isEqualTo(1);
        assertThat(again.deliveries()).isEqualTo(1);
        assertThat(queue.release(held)).isFalse();
        assertThat(queue.backlog(ID)).isEqualTo(new Backlog(0, 1, 0, 0));
        assertThat(firstTask()).containsEntry("keys", "10");
    }

    @Test
    void a_retry_waits_until_it_is_due_by_the_clock_of_redis() {
        queue.enqueue(ID, List.of(new Task(1, 10), new Task(2, 20)));
        long before = redisMillis();
        assertThat(queue.retryLater(lease("a"), Duration.ofMinutes(1))).isTrue();
        assertThat(queue.retryLater(lease("a"), Duration.ofMillis(1))).isTrue();
        long after = redisMillis();

        assertThat(queue.lease(ID, "b")).isEmpty();
        assertThat(queue.chunks(ID)).containsExactly(1, 2);
        assertThat(dueMillis("1:10")).isBetween(before + 60_000.0, after + 60_000.0);
        await().until(() -> redisMillis() > after + 1);
        assertThat(queue.promoteDue(ID, 10)).isEqualTo(1);
        assertThat(queue.backlog(ID)).isEqualTo(new Backlog(1, 0, 1, 0));
        assertThat(lease("b").chunkNo()).isEqualTo(2);
        assertThat(queue.promoteDue(ID, 10)).isZero();
    }

    @Test
    void due_retries_are_promoted_no_more_than_asked_for() {
        queue.enqueue(ID, tasks(1, 5));
        for (int i = 0; i < 5; i++) {
            queue.retryLater(lease("a"), Duration.ZERO);
        }

        assertThat(queue.promoteDue(ID, 3)).isEqualTo(3);
        assertThat(queue.backlog(ID)).isEqualTo(new Backlog(3, 0, 2, 0));
    }

    @Test
    void a_chunk_set_aside_is_kept_with_its_reason_and_counted_once() {
        queue.enqueue(ID, List.of(new Task(3, 10), new Task(3, 10)));

        assertThat(queue.setAside(lease("a"), "killed its worker 5 times")).isTrue();
        assertThat(queue.setAside(lease("a"), "x".repeat(2_000))).isTrue();

        assertThat(progress.read(ID)).containsEntry("chunks.failed", 1L);
        assertThat(queue.backlog(ID)).isEqualTo(new Backlog(0, 0, 0, 1));
        var dead = connection.once(redis -> redis.xrange(keys.dead(ID), "-", "+"));
        assertThat(dead.get(0).getFields())
                .containsEntry("chunk", "3")
                .containsEntry("reason", "killed its worker 5 times");
        assertThat(dead.get(1).getFields().get("reason")).hasSize(500);
    }

    @Test
    void a_failed_chunk_that_is_completed_after_all_moves_to_the_done() {
        queue.enqueue(ID, List.of(new Task(3, 10)));
        queue.setAside(lease("a"), "database down");
        queue.enqueue(ID, List.of(new Task(3, 10)));

        queue.complete(lease("a"), TEN_WRITTEN);

        assertThat(progress.read(ID)).containsEntry("chunks.failed", 0L).containsEntry("chunks.done", 1L);
        assertThat(queue.backlog(ID).setAside()).isZero();
    }

    @Test
    void a_chunk_that_is_done_does_not_become_failed() {
        queue.enqueue(ID, List.of(new Task(3, 10), new Task(3, 10)));
        queue.complete(lease("a"), TEN_WRITTEN);

        assertThat(queue.setAside(lease("a"), "late")).isTrue();

        assertThat(progress.read(ID)).doesNotContainKey("chunks.failed").containsEntry("chunks.done", 1L);
        assertThat(queue.backlog(ID)).isEqualTo(new Backlog(0, 0, 0, 0));
    }

    @Test
    void a_deleted_entry_is_skipped_and_forgotten() {
        queue.enqueue(ID, tasks(1, 3));
        Lease deleted = lease("dead");
        lease("dead");
        connection.once(redis -> redis.xdel(keys.tasks(ID), new StreamEntryID(deleted.entryId())));

        assertThat(leaseExpired("b").chunkNo()).isEqualTo(2);
        assertThat(queue.backlog(ID)).isEqualTo(new Backlog(1, 1, 0, 0));
    }

    @Test
    void what_somebody_else_put_into_the_queue_stops_nobody() {
        connection.once(redis -> redis.xadd(keys.tasks(ID), StreamEntryID.NEW_ENTRY, Map.of("hello", "world")));
        connection.once(redis -> redis.xadd(keys.tasks(ID), StreamEntryID.NEW_ENTRY, Map.of("chunk", "99999999999")));
        connection.once(redis -> redis.zadd(keys.retry(ID), 1.0, "hello"));
        queue.enqueue(ID, tasks(5, 5));

        assertThat(queue.chunks(ID)).containsExactly(5);
        queue.promoteDue(ID, 10);
        assertThat(queue.lease(ID, "a")).isEmpty();
        assertThat(queue.lease(ID, "a")).isEmpty();
        assertThat(lease("a").chunkNo()).isEqualTo(5);
        assertThat(queue.backlog(ID)).isEqualTo(new Backlog(0, 1, 0, 0));
    }

    @Test
    void a_campaign_that_redis_does_not_know_has_nothing_and_is_no_error() {
        Lease gone = new Lease("gone", "1-1", 1, "a", 1);

        assertThat(queue.lease("gone", "a")).isEmpty();
        assertThat(queue.renew(gone)).isFalse();
        assertThat(queue.complete(gone, TEN_WRITTEN)).isFalse();
        assertThat(queue.release(gone)).isFalse();
        assertThat(queue.retryLater(gone, Duration.ZERO)).isFalse();
        assertThat(queue.setAside(gone, "no")).isFalse();
        assertThat(queue.promoteDue("gone", 10)).isZero();
        assertThat(queue.backlog("gone")).isEqualTo(new Backlog(0, 0, 0, 0));
        assertThat(queue.chunks("gone")).isEmpty();
        assertThat(keysOf("gone")).isEmpty();
    }

    @Test
    void queued_before_the_group_existed_is_leased_all_the_same() {
        queue.remove(ID);
        queue.enqueue(ID, List.of(new Task(1, 10)));

        assertThat(queue.lease(ID, "a")).isEmpty();
        assertThat(queue.ensureGroup(ID)).isTrue();
        assertThat(lease("a").chunkNo()).isEqualTo(1);
    }

    @Test
    void removing_leaves_no_key() {
        queue.enqueue(ID, tasks(1, 4));
        queue.complete(lease("a"), TEN_WRITTEN);
        queue.setAside(lease("a"), "bad");
        queue.retryLater(lease("a"), Duration.ofMinutes(1));

        queue.remove(ID);

        assertThat(keysOf(ID)).isEmpty();
    }

    @Test
    void an_entry_is_compact() {
        queue.enqueue(ID, List.of(new Task(10_000, 10_000)));

        assertThat(firstTask()).containsOnlyKeys("chunk", "keys");
    }

    @Test
    void nothing_is_leased_of_a_campaign_that_does_not_run() {
        queue.enqueue(ID, tasks(1, 3));
        assertThat(queue.lease(ID, "a")).as("as long as nothing is shown").isPresent();

        for (String state : List.of("planned", "paused", "cancelled", "completed")) {
            show("state", state);
            assertThat(queue.lease(ID, "a")).as(state).isEmpty();
        }
        show("state", "running");
        assertThat(queue.lease(ID, "a")).isPresent();
    }

    @Test
    void no_more_chunks_are_leased_at_a_time_than_lanes_were_set() {
        queue.enqueue(ID, tasks(1, 10));
        show("settings", "{\"lanes\":\"2\"}");
        Lease first = lease("a");
        lease("b");

        assertThat(queue.lease(ID, "c")).isEmpty();
        assertThat(queue.complete(first, TEN_WRITTEN)).isTrue();
        assertThat(lease("c").chunkNo()).isEqualTo(3);
        assertThat(queue.lease(ID, "a")).isEmpty();

        show("settings", "{\"lanes\":\"3\"}");
        assertThat(lease("a").chunkNo()).isEqualTo(4);
        assertThat(queue.lease(ID, "d")).isEmpty();
        show("settings", "");
        assertThat(lease("d").chunkNo()).isEqualTo(5);
    }

    @Test
    void lanes_whose_lease_ran_out_are_free_again_but_not_all_at_once() {
        queue.enqueue(ID, tasks(1, 4));
        lease("a");
        lease("b");
        lease("c");
        show("settings", "{\"lanes\":\"1\"}");
        assertThat(queue.lease(ID, "d")).isEmpty();

        TaskQueue later = new TaskQueue(connection, keys, Duration.ofMillis(300));
        await().until(() -> idleMillis() > 400);

        assertThat(later.lease(ID, "d").orElseThrow().chunkNo()).isEqualTo(1);
        assertThat(later.lease(ID, "e")).isEmpty();
    }

    @Test
    void keys_are_leased_at_the_rate_that_was_set_and_a_new_rate_counts_at_once() {
        queue.enqueue(ID, List.of(new Task(1, 10_000), new Task(2, 300), new Task(3, 5_000), new Task(4, 10)));
        show("settings", "{\"rate\":\"1\"}");

        assertThat(lease("a").chunkNo()).isEqualTo(1);
        assertThat(queue.lease(ID, "a"))
                .as("10,000 keys are owed at one a second")
                .isEmpty();

        show("settings", "{\"rate\":\"20000\"}");
        long begin = System.nanoTime();
        await().pollDelay(Duration.ZERO).until(() -> queue.lease(ID, "a").isPresent());
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofMillis(300), Duration.ofSeconds(3));

        show("settings", "{\"rate\":\"1000\"}");
        await().until(() -> queue.lease(ID, "a").isPresent());
        assertThat(queue.lease(ID, "a"))
                .as("a second's worth may be saved up, no more")
                .isEmpty();
        show("settings", "");
        assertThat(lease("a").chunkNo()).isEqualTo(4);
        assertThat(keysOf(ID)).contains(keys.rate(ID));
    }

    @Test
    void over_some_seconds_no_more_keys_are_leased_than_the_rate_a_second_and_a_chunk_allow() {
        queue.enqueue(ID, tasks(1, 400));
        show("settings", "{\"rate\":\"200\"}");
        long begin = System.nanoTime();
        int[] leased = {0};

        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20)).until(() -> {
            while (queue.lease(ID, "a").isPresent()) {
                leased[0] += 10;
            }
            return System.nanoTime() - begin > Duration.ofSeconds(3).toNanos();
        });

        double seconds = (System.nanoTime() - begin) / 1e9;
        assertThat((double) leased[0]).isBetween(200 * seconds - 100, 200 * (seconds + 1) + 10);
    }

    @Test
    void settings_that_nobody_can_read_limit_nothing() {
        queue.enqueue(ID, tasks(1, 4));
        for (String settings : List.of("no json", "[]", "7", "{\"lanes\":null,\"rate\":\"fast\"}")) {
            show("settings", settings);
            assertThat(queue.lease(ID, "a")).as(settings).isPresent();
        }
    }

    void show(String field, String value) {
        connection.once(redis -> redis.hset(keys.campaign(ID), field, value));
    }

    Lease lease(String consumer) {
        return queue.lease(ID, consumer).orElseThrow();
    }

    Lease leaseExpired(String consumer) {
        await().until(() -> idleMillis() > 1);
        return hasty.lease(ID, consumer).orElseThrow();
    }

    Map<String, String> firstTask() {
        return connection.once(
                redis -> redis.xrange(keys.tasks(ID), "-", "+").get(0).getFields());
    }

    double dueMillis(String member) {
        return connection.once(redis -> redis.zscore(keys.retry(ID), member));
    }

    List<String> keysOf(String id) {
        return keys.all(id).stream()
                .filter(key -> connection.once(redis -> redis.exists(key)))
                .toList();
    }

    long idleMillis() {
        XPendingParams first = XPendingParams.xPendingParams("-", "+", 1);
        return connection
                .once(redis -> redis.xpending(keys.tasks(ID), RedisKeys.GROUP, first))
                .get(0)
                .getIdleTime();
    }

    long redisMillis() {
        Object time = connection.once(redis -> redis.eval(
                "local t = redis.call('TIME') return t[1] * 1000 + math.floor(t[2] / 1000)",
                List.of(keys.tasks(ID)),
                List.of()));
        return (Long) java.util.Objects.requireNonNull(time);
    }

    static List<Task> tasks(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(no -> new Task(no, 10)).toList();
    }
}
