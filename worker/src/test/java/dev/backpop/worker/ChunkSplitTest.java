package dev.backpop.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.ChunkState;
import dev.backpop.campaign.Counter;
import dev.backpop.ledger.NewChunk;
import dev.backpop.queue.Task;
import dev.backpop.queue.TaskQueue;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkSplitTest {
    /** Stands for a statement that takes too long or too much once it has more than so many rows. */
    private static void refuseMoreThan(WorkerFixture worker, int rows, String error) throws Exception {
        worker.database.run(
                "CREATE OR REPLACE FUNCTION too_many() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        + " IF (SELECT count(*) FROM coming) > " + rows + " THEN RAISE 'too much' USING " + error
                        + "; END IF; RETURN NULL; END $$",
                "DROP TRIGGER IF EXISTS too_many ON thing",
                "CREATE TRIGGER too_many AFTER INSERT ON thing REFERENCING NEW TABLE AS coming"
                        + " EXECUTE FUNCTION too_many()");
    }

    private static void everythingArrived(WorkerFixture worker, int rows) throws Exception {
        assertThat(worker.database.ask("SELECT count(*), count(DISTINCT id), min(id), max(id) FROM thing"))
                .containsExactly(rows + "|" + rows + "|1|" + rows);
        var totals = worker.ledger.totals("a");
        assertThat(totals.chunks(ChunkState.FAILED)).isZero();
        assertThat(totals.chunks(ChunkState.PLANNED)).isZero();
        assertThat(totals.keys()).isEqualTo(rows);
        assertThat(totals.counters().get(Counter.ROWS_WRITTEN)).isEqualTo(rows);
        assertThat(totals.tally(CampaignKind.BACKFILL).addsUp()).isTrue();
        assertThat(worker.progress.read("a"))
                .containsEntry("chunks.done", totals.chunks(ChunkState.DONE))
                .containsEntry("rows.written", (long) rows);
        assertThat(worker.queue.backlog("a").outstanding()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"57014", "53200", "25P04"})
    void a_chunk_that_is_too_much_for_the_target_is_split_until_it_is_not(String state) throws Exception {
        try (WorkerFixture worker = new WorkerFixture(20)) {
            refuseMoreThan(worker, 3, "ERRCODE = '" + state + "'");
            worker.start("a", CampaignKind.BACKFILL, 2);

            worker.runAll();

            everythingArrived(worker, 20);
            // 10 into 5 and 5, and these into 2 and 3.
            assertThat(worker.database.ask("SELECT state, key_count, count(*), max(attempts) FROM backpop.chunk"
                            + " GROUP BY 1, 2 ORDER BY 1, 2"))
                    .containsExactly("done|2|4|0", "done|3|4|0", "split|5|4|0", "split|10|2|0");
            assertThat(worker.chunk("a", 1).lastError()).isEqualTo("the target gave up: too much");
            assertThat(worker.database.ask("SELECT count(*) FROM backpop.chunk AS one WHERE state = 'done' AND NOT"
                            + " EXISTS (SELECT FROM backpop.chunk AS next WHERE next.state = 'done'"
                            + " AND next.after_key = one.last_key)"))
                    .as("ranges that nothing follows")
                    .containsExactly("1");
            assertThat(worker.metrics.scrape()).contains("backpop_chunks_total{result=\"split\"} 6.0");
        }
    }

    @Test
    void a_store_to_which_everything_is_too_much_does_not_fill_redis_with_parts() throws Exception {
        int window = TaskQueue.SMALLEST_WINDOW;
        try (WorkerFixture worker = new WorkerFixture(10 * window)) {
            refuseMoreThan(worker, 0, "ERRCODE = '57014'");
            worker.start("a", CampaignKind.BACKFILL, window);

            for (int i = 0; i < window; i++) {
                assertThat(worker.lane.runOnce()).isTrue();
                assertThat(worker.queue.backlog("a").outstanding()).isLessThanOrEqualTo(window);
            }

            assertThat(worker.ledger.totals("a").chunks(ChunkState.SPLIT)).isEqualTo(window);
            assertThat(worker.ledger.totals("a").chunks(ChunkState.PLANNED)).isEqualTo(2L * window);
            assertThat(worker.progress.read("a")).containsEntry("chunks.planned", (long) window);
        }
    }

    @Test
    void a_real_timeout_of_the_target_splits_by_the_plans_own_time() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(10)) {
            worker.plan = WorkerFixture.PLAN.replace("${TARGET_URL}\"", "${TARGET_URL}\", statement_timeout: 1s");
            worker.database.run(
                    "CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS"
                            + " $$ BEGIN PERFORM pg_sleep(0.15); RETURN NEW; END $$",
                    "CREATE TRIGGER slowly BEFORE INSERT ON thing FOR EACH ROW EXECUTE FUNCTION slowly()");
            worker.start("a", CampaignKind.BACKFILL, 1);

            worker.runAll();

            everythingArrived(worker, 10);
            assertThat(worker.chunk("a", 1).state()).isEqualTo(ChunkState.SPLIT);
            assertThat(worker.chunk("a", 1).lastError()).contains("statement timeout");
        }
    }

    @Test
    void a_timeout_of_the_legacy_store_splits_too_and_holds_nothing() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(10)) {
            worker.plan = WorkerFixture.PLAN
                    .replace("${LEGACY_URL}\"", "${LEGACY_URL}\", statement_timeout: 1s")
                    .replace("x: x", "x: \"x || pg_sleep(0.15)::text\"");
            worker.start("a", CampaignKind.BACKFILL, 1);

            worker.runAll();

            everythingArrived(worker, 10);
            assertThat(worker.chunk("a", 1).state()).isEqualTo(ChunkState.SPLIT);
            assertThat(worker.chunk("a", 1).lastError())
                    .startsWith("the legacy database at ")
                    .contains("gave up", "statement timeout");
            assertThat(worker.holdReason("a")).isEqualTo("null");
        }
    }

    @Test
    void where_even_the_keys_take_too_long_integers_are_halved_unseen() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(10)) {
            worker.database.run("UPDATE old_thing SET id = 1000 WHERE id = 10");
            worker.plan = WorkerFixture.PLAN
                    .replace("${LEGACY_URL}\"", "${LEGACY_URL}\", statement_timeout: 500ms")
                    .replace("table: old_thing", "query: \"SELECT *, pg_sleep(0.08) AS slow FROM old_thing\"");
            worker.start("a", CampaignKind.BACKFILL, 1);
            worker.database.run("UPDATE backpop.chunk SET last_key = '[1000]'");

            worker.runAll();

            assertThat(worker.chunk("a", 1).state()).isEqualTo(ChunkState.SPLIT);
            assertThat(worker.chunk("a", 2).lastKey()).isEqualTo("[500]");
            assertThat(worker.chunk("a", 3).firstKey()).isEqualTo("[501]");
            assertThat(worker.ledger.totals("a").chunks(ChunkState.FAILED)).isZero();
            assertThat(worker.ledger.totals("a").keys()).isGreaterThanOrEqualTo(10);
            assertThat(worker.database.ask("SELECT count(*), max(id) FROM thing"))
                    .containsExactly("10|1000");
        }
    }

    @Test
    void a_list_of_keys_is_halved_and_rows_that_came_later_go_with_their_range() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(20)) {
            refuseMoreThan(worker, 3, "ERRCODE = '57014'");
            worker.start("a", CampaignKind.BACKFILL, 1);
            worker.database.run(
                    // A range of which planning saw a single key, and a list of the rest.
                    "UPDATE backpop.chunk SET key_count = 1",
                    "INSERT INTO backpop.chunk (campaign_id, chunk_no, keys, key_count) SELECT 'a', 2,"
                            + " jsonb_agg(jsonb_build_array(i)), 10 FROM generate_series(11, 20) AS i");
            worker.queue.enqueue("a", List.of(new Task(2, 10)));

            worker.runAll();

            assertThat(worker.database.ask("SELECT count(*) FROM thing")).containsExactly("20");
            assertThat(worker.ledger.totals("a").keys()).isEqualTo(20);
            assertThat(worker.ledger.totals("a").tally(CampaignKind.BACKFILL).addsUp())
                    .isTrue();
            assertThat(worker.chunk("a", 2).state()).isEqualTo(ChunkState.SPLIT);
        }
    }

    @Test
    void a_single_key_that_is_too_much_burns_attempts_and_is_set_aside_with_its_reason() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(10)) {
            worker.database.run(
                    "CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.id = 4 THEN"
                            + " RAISE 'too much' USING ERRCODE = '53200'; END IF; RETURN NEW; END $$",
                    "CREATE TRIGGER never BEFORE INSERT ON thing FOR EACH ROW EXECUTE FUNCTION never()");
            worker.start("a", CampaignKind.BACKFILL, 1);

            worker.runAll();

            assertThat(worker.database.ask("SELECT count(*) FROM thing")).containsExactly("9");
            assertThat(worker.database.ask("SELECT first_key, last_key, key_count, attempts, last_error"
                            + " FROM backpop.chunk WHERE state = 'failed'"))
                    .containsExactly("[4]|[4]|1|5|the target gave up: too much");
            assertThat(worker.progress.read("a")).containsEntry("chunks.failed", 1L);
        }
    }

    @Test
    void a_full_table_of_locks_is_no_chunks_fault_and_holds() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(10)) {
            refuseMoreThan(
                    worker, 3, "ERRCODE = '53200', HINT = 'You might need to increase \"max_locks_per_transaction\".'");
            worker.start("a", CampaignKind.BACKFILL, 1);

            worker.lane.runOnce();

            assertThat(worker.chunk("a", 1).state()).isEqualTo(ChunkState.PLANNED);
            assertThat(worker.holdReason("a")).contains("too much");
        }
    }

    @Test
    void a_statement_that_somebody_cancels_is_tried_again_as_it_is() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(10)) {
            worker.database.run(
                    "CREATE FUNCTION cancelled() RETURNS trigger LANGUAGE plpgsql AS"
                            + " $$ BEGIN PERFORM pg_cancel_backend(pg_backend_pid()); PERFORM pg_sleep(5); RETURN NULL; END $$",
                    "CREATE TRIGGER cancelled AFTER INSERT ON thing EXECUTE FUNCTION cancelled()");
            worker.start("a", CampaignKind.BACKFILL, 1);

            worker.lane.runOnce();

            assertThat(worker.chunk("a", 1).state()).isEqualTo(ChunkState.PLANNED);
            assertThat(worker.chunk("a", 1).attempts()).isEqualTo(1);
            assertThat(worker.chunk("a", 1).lastError()).contains("user request");
        }
    }

    @Test
    void the_entry_of_a_chunk_that_was_split_elsewhere_goes_and_counts_as_nothing() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(10)) {
            worker.start("a", CampaignKind.BACKFILL, 1);
            int first = worker.ledger
                    .splitChunk(
                            "a",
                            1,
                            "w",
                            Duration.ZERO,
                            "too long",
                            List.of(NewChunk.range(null, "[1]", "[5]", 5), NewChunk.range("[5]", "[6]", "[10]", 5)))
                    .orElseThrow();

            assertThat(worker.lane.runOnce()).isTrue();

            assertThat(worker.queue.backlog("a").outstanding()).isZero();
            assertThat(worker.queue.backlog("a").setAside()).isZero();
            assertThat(worker.progress.read("a")).doesNotContainKey("chunks.failed");
            worker.queue.enqueue(
                    "a",
                    IntStream.range(0, 2).mapToObj(i -> new Task(first + i, 5)).toList());
            worker.runAll();
            everythingArrived(worker, 10);
        }
    }

    @Test
    void a_verification_is_split_as_well() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(10)) {
            worker.database.run("INSERT INTO thing SELECT id, x, 100 / n FROM old_thing WHERE id <> 3");
            worker.plan = WorkerFixture.PLAN
                    .replace("${LEGACY_URL}\"", "${LEGACY_URL}\", statement_timeout: 1s")
                    .replace("x: x", "x: \"x || pg_sleep(0.15)::text\"");
            worker.start("a", CampaignKind.VERIFY, 1);

            worker.runAll();
            worker.recheck("a");

            assertThat(worker.chunk("a", 1).state()).isEqualTo(ChunkState.SPLIT);
            assertThat(worker.counters("a").get(Counter.ROWS_MATCHED)).isEqualTo(9);
            assertThat(worker.counters("a").get(Counter.ROWS_MISSING)).isEqualTo(1);
            assertThat(worker.ledger.totals("a").tally(CampaignKind.VERIFY).addsUp())
                    .isTrue();
        }
    }
}
