package dev.backpop.ledger;

import static dev.backpop.ledger.LedgerFixture.ask;
import static dev.backpop.ledger.LedgerFixture.backfill;
import static dev.backpop.ledger.LedgerFixture.begin;
import static dev.backpop.ledger.LedgerFixture.newDatabase;
import static dev.backpop.ledger.LedgerFixture.ranges;
import static dev.backpop.ledger.LedgerFixture.run;
import static dev.backpop.ledger.LedgerFixture.running;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.Chunk;
import dev.backpop.campaign.ChunkState;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChunkTableTest {
    private static DataSource database;
    private static Ledger ledger;

    @BeforeAll
    static void open() {
        database = newDatabase();
        ledger = Ledger.open(database);
    }

    @BeforeEach
    void clear() throws Exception {
        run(database, "TRUNCATE backpop.campaign CASCADE");
    }

    private static void finish(String id, int chunkNo, Counters counters) throws Exception {
        finish(id, chunkNo, Instant.EPOCH, counters);
    }

    private static void finish(String id, int chunkNo, Instant startedAt, Counters counters) throws Exception {
        try (Connection transaction = begin(database)) {
            assertThat(Ledger.lockPlanned(transaction, id, chunkNo)).isTrue();
            Ledger.finishChunk(transaction, id, chunkNo, "w1", startedAt, 10, counters);
            transaction.commit();
        }
    }

    @Test
    void chunks_are_numbered_densely_across_calls_and_read_back_as_they_were() {
        ledger.create(backfill("c1", "post"));

        assertThat(ledger.appendChunks("c1", null, ranges(1, 3), "[30]", false)).isEqualTo(1);
        assertThat(ledger.appendChunks("c1", "[30]", List.of(), "[30]", false)).isEqualTo(4);
        List<String> keys = List.of("[\"a\", 9007199254740993]", "[\"ü, \\\"\", 1.10]");
        assertThat(ledger.appendChunks("c1", "[ 30 ]", List.of(NewChunk.list(keys)), null, true))
                .isEqualTo(4);

        assertThat(ledger.find("c1").orElseThrow().planDone()).isTrue();
        assertThat(ledger.plannedChunks("c1", 10)).extracting(Chunk::chunkNo).containsExactly(1, 2, 3, 4);
        assertThat(ledger.plannedChunks("c1", 2)).extracting(Chunk::chunkNo).containsExactly(1, 2);
        assertThat(ledger.plannedChunksAfter("c1", 2, 1))
                .extracting(Chunk::chunkNo)
                .containsExactly(3);
        Chunk second = ledger.chunk("c1", 2).orElseThrow();
        assertThat(List.of(second.afterKey(), second.firstKey(), second.lastKey()))
                .containsExactly("[10]", "[11]", "[20]");
        assertThat(second.keys()).isNull();
        assertThat(second.keyCount()).isEqualTo(10);
        assertThat(second.state()).isEqualTo(ChunkState.PLANNED);
        assertThat(ledger.chunk("c1", 1).orElseThrow().afterKey()).isNull();
        assertThat(ledger.chunk("c1", 4).orElseThrow().keys()).isEqualTo(keys);
        assertThat(ledger.chunk("c1", 5)).isEmpty();
    }

    @Test
    void planning_from_a_cursor_that_moved_appends_nothing() {
        ledger.create(backfill("c1", "post"));
        ledger.appendChunks("c1", null, ranges(1, 2), "[20]", false);

        assertThatThrownBy(() -> ledger.appendChunks("c1", null, ranges(1, 2), "[20]", false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("[20]")
                .hasMessageContaining("another driver");
        ledger.appendChunks("c1", "[20]", ranges(3, 3), "[30]", true);
        assertThatThrownBy(() -> ledger.appendChunks("c1", "[30]", ranges(4, 4), "[40]", true))
                .isInstanceOf(IllegalStateException.class);
        assertThat(ledger.chunkNumbers("c1", ChunkState.PLANNED)).containsExactly(1, 2, 3);
    }

    @Test
    void twenty_thousand_chunks_are_appended_in_seconds() {
        ledger.create(backfill("c1", "post"));
        long started = System.nanoTime();
        ledger.appendChunks("c1", null, ranges(1, 10_000), "[100000]", false);
        ledger.appendChunks("c1", "[100000]", ranges(10_001, 20_000), "[200000]", true);
        Duration took = Duration.ofNanos(System.nanoTime() - started);

        assertThat(ledger.totals("c1").keys()).isEqualTo(200_000);
        assertThat(took).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void of_two_workers_with_one_chunk_exactly_one_finishes_it() throws Exception {
        running(ledger, "c1", 20);
        CyclicBarrier together = new CyclicBarrier(2);
        AtomicInteger finished = new AtomicInteger();
        Callable<Void> worker = () -> {
            for (int chunkNo = 1; chunkNo <= 20; chunkNo++) {
                together.await(10, TimeUnit.SECONDS);
                try (Connection transaction = begin(database)) {
                    if (Ledger.lockPlanned(transaction, "c1", chunkNo)) {
                        Ledger.finishChunk(
                                transaction,
                                "c1",
                                chunkNo,
                                "w",
                                Instant.EPOCH,
                                10,
                                Counters.NONE.plus(Counter.ROWS_WRITTEN, 10));
                        finished.incrementAndGet();
                    }
                    transaction.commit();
                }
            }
            return null;
        };
        ExecutorService workers = Executors.newFixedThreadPool(2);
        try {
            for (var done : workers.invokeAll(List.of(worker, worker), 60, TimeUnit.SECONDS)) {
                done.get();
            }
        } finally {
            workers.shutdownNow();
        }

        assertThat(finished).hasValue(20);
        assertThat(ledger.totals("c1").counters().get(Counter.ROWS_WRITTEN)).isEqualTo(200);
    }

    @Test
    void a_chunk_that_is_done_failed_or_unknown_cannot_be_locked_or_finished() throws Exception {
        running(ledger, "c1", 3);
        finish("c1", 1, Counters.NONE);
        ledger.failChunk("c1", 2, "boom");

        try (Connection transaction = begin(database)) {
            for (int chunkNo : new int[] {1, 2, 99}) {
                assertThat(Ledger.lockPlanned(transaction, "c1", chunkNo)).isFalse();
                assertThatThrownBy(() ->
                                Ledger.finishChunk(transaction, "c1", chunkNo, "w", Instant.EPOCH, 1, Counters.NONE))
                        .isInstanceOf(IllegalStateException.class);
            }
            transaction.rollback();
        }
    }

    @Test
    void a_result_carries_every_counter() throws Exception {
        running(ledger, "c1", 1);
        Counters counters = Counters.NONE;
        long amount = 0;
        for (Counter counter : Counter.values()) {
            counters = counters.plus(counter, ++amount);
        }
        finish("c1", 1, Instant.parse("2026-01-02T03:04:05.678901Z"), counters);

        Chunk done = ledger.chunk("c1", 1).orElseThrow();
        assertThat(done.counters()).isEqualTo(counters);
        assertThat(done.state()).isEqualTo(ChunkState.DONE);
        assertThat(done.worker()).isEqualTo("w1");
        assertThat(done.startedAt()).isEqualTo(Instant.parse("2026-01-02T03:04:05.678901Z"));
        assertThat(done.finishedAt()).isAfter(done.startedAt());
    }

    @Test
    void attempts_count_only_while_a_chunk_is_planned() throws Exception {
        running(ledger, "c1", 2);

        assertThat(ledger.recordAttempt("c1", 1, "w1", "one")).isEqualTo(1);
        assertThat(ledger.recordAttempt("c1", 1, "w2", "two\0")).isEqualTo(2);
        finish("c1", 2, Counters.NONE);
        assertThat(ledger.recordAttempt("c1", 2, "w1", "late")).isZero();
        assertThat(ledger.recordAttempt("c1", 99, "w1", "who?")).isZero();

        Chunk chunk = ledger.chunk("c1", 1).orElseThrow();
        assertThat(chunk.attempts()).isEqualTo(2);
        assertThat(chunk.lastError()).isEqualTo("two\\u0000");
        assertThat(chunk.worker()).isEqualTo("w2");
    }

    @Test
    void failed_chunks_are_planned_again_with_no_attempts_behind_them() {
        running(ledger, "c1", 3);
        ledger.recordAttempt("c1", 3, "w1", "boom");
        assertThat(ledger.failChunk("c1", 3, "boom")).isTrue();
        assertThat(ledger.failChunk("c1", 3, "boom")).isFalse();
        assertThat(ledger.failChunk("c1", 1, "boom")).isTrue();
        assertThat(ledger.chunkNumbers("c1", ChunkState.FAILED)).containsExactly(1, 3);

        assertThat(ledger.replanFailed("c1")).containsExactly(1, 3);

        assertThat(ledger.chunk("c1", 3).orElseThrow().attempts()).isZero();
        assertThat(ledger.chunkNumbers("c1", ChunkState.PLANNED)).containsExactly(1, 2, 3);
        assertThat(ledger.replanFailed("c1")).isEmpty();
    }

    @Test
    void totals_add_up_chunk_by_chunk() throws Exception {
        running(ledger, "c1", 6);
        running(ledger, "other", 2);
        finish("other", 1, Counters.NONE.plus(Counter.ROWS_WRITTEN, 10));
        finish("c1", 1, Counters.NONE.plus(Counter.ROWS_WRITTEN, 8).plus(Counter.ROWS_REJECTED, 2));
        finish("c1", 2, Counters.NONE.plus(Counter.ROWS_UNCHANGED, 10));
        ledger.failChunk("c1", 3, "rare");
        ledger.failChunk("c1", 4, "common");
        ledger.failChunk("c1", 5, "common");
        run(database, "UPDATE backpop.chunk SET state = 'split' WHERE campaign_id = 'c1' AND chunk_no = 5");
        ledger.failChunk("c1", 6, "common");

        Totals totals = ledger.totals("c1");

        assertThat(totals.chunks(ChunkState.DONE)).isEqualTo(2);
        assertThat(totals.chunks(ChunkState.FAILED)).isEqualTo(3);
        assertThat(totals.chunks(ChunkState.SPLIT)).isEqualTo(1);
        assertThat(totals.chunks()).isEqualTo(5);
        assertThat(totals.keys()).isEqualTo(50);
        assertThat(totals.keysDone()).isEqualTo(20);
        assertThat(totals.firstPlanned()).isNull();
        assertThat(totals.commonestError()).isEqualTo("common");
        assertThat(totals.tally(CampaignKind.BACKFILL).addsUp()).isTrue();
        assertThat(totals.tally(CampaignKind.BACKFILL).keysNotDone()).isEqualTo(30);
        assertThat(ledger.totals("other").firstPlanned()).isEqualTo(2);
        assertThat(ledger.totals("nobody").chunks()).isZero();
    }

    private static List<NewChunk> halves() {
        return List.of(NewChunk.range("[10]", "[11]", "[14]", 4), NewChunk.range("[14]", "[15]", "[20]", 6));
    }

    @Test
    void the_parts_of_a_split_chunk_take_its_place_once() throws Exception {
        running(ledger, "c1", 3);

        assertThat(ledger.splitChunk("c1", 2, "w", Duration.ofSeconds(60), "too long", halves()))
                .contains(4);
        assertThat(ledger.splitChunk("c1", 2, "w", Duration.ofSeconds(60), "too long", halves()))
                .as("the second time")
                .isEmpty();

        Totals totals = ledger.totals("c1");
        assertThat(totals.chunks(ChunkState.SPLIT)).isEqualTo(1);
        assertThat(totals.chunks()).isEqualTo(4);
        assertThat(totals.keys()).isEqualTo(30);
        Chunk split = ledger.chunk("c1", 2).orElseThrow();
        assertThat(split.lastError()).isEqualTo("too long");
        Chunk first = ledger.chunk("c1", 4).orElseThrow();
        assertThat(first.afterKey() + first.firstKey() + first.lastKey() + first.keyCount() + first.state())
                .isEqualTo("[10][11][14]4PLANNED");
        assertThat(ledger.chunk("c1", 5).orElseThrow().afterKey()).isEqualTo("[14]");
        assertThat(ledger.recentChunkTimes("c1", 5)).singleElement().satisfies(time -> {
            assertThat(time.split()).isTrue();
            assertThat(time.keyCount()).isEqualTo(10);
            assertThat(time.runTime()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(61));
        });
    }

    @Test
    void a_chunk_that_is_done_or_being_written_is_not_split() throws Exception {
        running(ledger, "c1", 2);
        finish("c1", 1, Counters.NONE.plus(Counter.ROWS_WRITTEN, 10));
        try (Connection writing = LedgerFixture.begin(database)) {
            assertThat(Ledger.lockPlanned(writing, "c1", 2)).isTrue();

            assertThat(ledger.splitChunk("c1", 1, "w", Duration.ZERO, "too long", halves()))
                    .isEmpty();
            assertThat(ledger.splitChunk("c1", 2, "w", Duration.ZERO, "too long", halves()))
                    .isEmpty();
            writing.rollback();
        }
        assertThat(ledger.totals("c1").chunks()).isEqualTo(2);
    }

    @Test
    void parts_with_other_keys_than_the_chunk_are_refused() {
        running(ledger, "c1", 2);

        assertThatThrownBy(() -> ledger.splitChunk("c1", 2, "w", Duration.ZERO, "too long", halves().subList(0, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10 keys");
        assertThat(ledger.totals("c1").chunks(ChunkState.SPLIT)).isZero();
    }

    @Test
    void recent_times_are_newest_first_and_never_negative() throws Exception {
        running(ledger, "c1", 3);
        finish("c1", 2, Counters.NONE);
        finish("c1", 1, Counters.NONE);
        run(database, "UPDATE backpop.chunk SET started_at = finished_at - interval '1.5 s' WHERE chunk_no = 1");
        finish("c1", 3, Instant.parse("2100-01-01T00:00:00Z"), Counters.NONE);

        assertThat(ledger.recentChunkTimes("c1", 2))
                .containsExactly(
                        new ChunkTime(3, 10, Duration.ZERO, false),
                        new ChunkTime(1, 10, Duration.ofMillis(1500), false));
    }

    @Test
    void finishing_a_chunk_never_touches_the_campaign_row() throws Exception {
        running(ledger, "c1", 1);
        String row = "SELECT xmin || ' ' || xmax || ' ' || ctid FROM backpop.campaign";
        List<String> before = ask(database, row);
        try (Connection transaction = begin(database)) {
            Ledger.lockPlanned(transaction, "c1", 1);
            Ledger.addRejects(transaction, "c1", 1, "post", List.of(LedgerReportsTest.reject("[1]", "no")));
            Ledger.finishChunk(transaction, "c1", 1, "w", Instant.EPOCH, 10, Counters.NONE);
            transaction.commit();
        }

        assertThat(ask(database, row)).isEqualTo(before);
    }
}
