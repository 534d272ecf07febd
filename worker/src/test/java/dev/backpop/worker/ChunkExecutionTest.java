package dev.backpop.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.ChunkState;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.campaign.Discrepancy;
import dev.backpop.ledger.StoredDiscrepancy;
import dev.backpop.queue.Lease;
import dev.backpop.queue.TaskQueue;
import dev.backpop.testing.Database;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ChunkExecutionTest {
    private static void shownAsInTheLedger(WorkerFixture worker, String id) {
        Counters counters = worker.counters(id);
        for (Counter counter : Counter.values()) {
            assertThat(worker.progress.read(id).getOrDefault(counter.redisField(), 0L))
                    .as(counter.redisField())
                    .isEqualTo(counters.get(counter));
        }
        assertThat(worker.ledger.totals(id).tally(CampaignKind.BACKFILL).addsUp())
                .isTrue();
    }

    @Test
    void rows_move_and_are_counted_alike_in_ledger_and_redis() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(25)) {
            worker.database.run(
                    "UPDATE old_thing SET n = 0 WHERE id = 3",
                    "UPDATE old_thing SET x = NULL WHERE id = 14",
                    "DELETE FROM old_thing WHERE id = 20",
                    "INSERT INTO thing VALUES (1, 'x1', 100)");
            worker.start("a", CampaignKind.BACKFILL, 3);

            assertThat(worker.runAll()).isEqualTo(3);

            assertThat(worker.database.ask("SELECT count(*), min(id), max(id), sum(n) FROM thing"))
                    .containsExactly("22|1|25|2200");
            Counters counters = worker.counters("a");
            assertThat(counters.get(Counter.ROWS_WRITTEN)).isEqualTo(21);
            assertThat(counters.get(Counter.ROWS_UNCHANGED)).isEqualTo(1);
            assertThat(counters.get(Counter.ROWS_REJECTED)).isEqualTo(2);
            assertThat(counters.get(Counter.ROWS_ABSENT)).isEqualTo(6);
            shownAsInTheLedger(worker, "a");
            assertThat(worker.database.ask(
                            "SELECT key, stage, sqlstate, source->>'id' FROM backpop.reject ORDER BY key"))
                    .containsExactly("[3]|transform|22012|3", "[14]|write|23502|14");
            assertThat(worker.queue.backlog("a").outstanding()).isZero();
            assertThat(worker.held.all()).isEmpty();
        }
    }

    @Test
    void a_chunk_that_is_delivered_again_counts_once() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(10)) {
            worker.start("a", CampaignKind.BACKFILL, 1);
            TaskQueue shortLeases = new TaskQueue(worker.redis, worker.keys, Duration.ofMillis(1));
            Lease lost = worker.queue.lease("a", "frozen").orElseThrow();
            Lease again = org.awaitility.Awaitility.await()
                    .until(() -> shortLeases.lease("a", "w-2"), java.util.Optional::isPresent)
                    .orElseThrow();

            worker.execution.run(lost);
            assertThat(worker.progress.read("a")).doesNotContainKey("chunks.done");
            worker.execution.run(again);
            worker.execution.run(again);

            assertThat(worker.chunk("a", 1).state()).isEqualTo(ChunkState.DONE);
            assertThat(worker.progress.read("a"))
                    .containsEntry("rows.written", 10L)
                    .containsEntry("chunks.done", 1L);
            shownAsInTheLedger(worker, "a");
        }
    }

    @Test
    void a_repeated_key_is_refused_though_its_rows_come_in_two_batches() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(10)) {
            worker.database.run(
                    "ALTER TABLE old_thing DROP CONSTRAINT old_thing_pkey",
                    "UPDATE old_thing SET x = repeat('x', 9000000) WHERE id = 5",
                    "INSERT INTO old_thing SELECT * FROM old_thing WHERE id = 5");
            worker.start("a", CampaignKind.BACKFILL, 1);

            worker.runAll();

            assertThat(worker.counters("a").get(Counter.ROWS_WRITTEN)).isEqualTo(10);
            assertThat(worker.counters("a").get(Counter.ROWS_REJECTED)).isEqualTo(1);
            assertThat(worker.database.ask("SELECT key, sqlstate FROM backpop.reject"))
                    .containsExactly("[5]|21000");
            shownAsInTheLedger(worker, "a");
        }
    }

    @Test
    void stores_stay_open_for_a_chunk_that_runs_while_redis_forgets_its_campaign() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(10)) {
            worker.start("a", CampaignKind.BACKFILL, 1);
            OpenCampaign open = worker.campaigns.get("a");
            Lease lease = worker.queue.lease("a", "w-1").orElseThrow();
            worker.held.add(lease);
            worker.view.retire("a", java.util.Map.of("state", "running"), Duration.ofMinutes(1));
            worker.rotation.lookSoon();

            worker.housekeeper.runOnce();
            assertThat(worker.campaigns.get("a")).isSameAs(open);
            worker.held.remove(lease);
            worker.housekeeper.runOnce();
            assertThat(worker.campaigns.get("a")).isNotSameAs(open);
        }
    }

    @Test
    void a_legacy_store_that_is_down_holds_the_campaign_and_burns_no_attempt() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(20)) {
            worker.variables.put("LEGACY_URL", "postgresql://postgres@127.0.0.1:1/gone");
            worker.start("a", CampaignKind.BACKFILL, 2);

            assertThat(worker.lane.runOnce()).isTrue();

            assertThat(worker.holdReason("a")).contains("the legacy database at 127.0.0.1:1/gone cannot be used");
            assertThat(worker.chunk("a", 1).attempts()).isZero();
            assertThat(worker.queue.backlog("a").leased()).isZero();
            assertThat(worker.lane.runOnce())
                    .as("while it holds, nothing is leased")
                    .isFalse();
            assertThat(worker.holds.problem()).startsWith("a: ");

            worker.variables.put("LEGACY_URL", worker.database.url());
            worker.pass(Duration.ofSeconds(1));
            assertThat(worker.runAll()).isEqualTo(2);
            assertThat(worker.holdReason("a")).isEqualTo("null");
            assertThat(worker.holds.problem()).isNull();
        }
    }

    @Test
    void an_unset_variable_holds_the_campaign_and_is_named() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(10)) {
            worker.variables.remove("LEGACY_URL");
            worker.start("a", CampaignKind.BACKFILL, 1);

            worker.lane.runOnce();

            assertThat(worker.holdReason("a")).contains("LEGACY_URL").contains("worker w");
            assertThat(worker.chunk("a", 1).attempts()).isZero();
            worker.housekeeper.runOnce();
            assertThat(worker.holds.problem()).contains("LEGACY_URL");
            worker.view.retire("a", java.util.Map.of("state", "cancelled"), Duration.ofMinutes(1));
            worker.rotation.lookSoon();
            worker.housekeeper.runOnce();
            assertThat(worker.holds.problem())
                    .as("an ended campaign holds nothing")
                    .isNull();
        }
    }

    @Test
    void a_target_that_is_read_only_holds_the_campaign_and_burns_no_attempt() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(10)) {
            worker.start("a", CampaignKind.BACKFILL, 1);
            readOnly(worker, "on");

            assertThat(worker.lane.runOnce()).isTrue();

            assertThat(worker.holds.problem()).contains("read-only");
            assertThat(worker.queue.backlog("a").leased()).isZero();
            readOnly(worker, "off");
            assertThat(worker.chunk("a", 1).attempts()).isZero();
            worker.pass(Duration.ofSeconds(1));
            assertThat(worker.runAll()).isEqualTo(1);
            assertThat(worker.chunk("a", 1).state()).isEqualTo(ChunkState.DONE);
        }
    }

    private static void readOnly(WorkerFixture worker, String onOrOff) throws Exception {
        List<Connection> sessions = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Connection session = worker.target.connection();
            sessions.add(session);
            try (var statement = session.createStatement()) {
                statement.execute("SET default_transaction_read_only = " + onOrOff);
            }
        }
        for (Connection session : sessions) {
            session.close();
        }
    }

    @Test
    void a_lock_that_does_not_come_holds_the_campaign_and_burns_no_attempt() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(10);
                Connection other = worker.database.connect()) {
            worker.database.run("CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                    + " SET LOCAL lock_timeout = '20ms'; LOCK TABLE old_thing IN SHARE MODE; RETURN NEW; END $$");
            worker.database.run("CREATE TRIGGER wait BEFORE INSERT ON thing EXECUTE FUNCTION wait()");
            worker.start("a", CampaignKind.BACKFILL, 1);
            other.setAutoCommit(false);
            try (var statement = other.createStatement()) {
                statement.execute("LOCK TABLE old_thing IN ROW EXCLUSIVE MODE");
            }

            worker.lane.runOnce();

            assertThat(worker.chunk("a", 1).attempts()).isZero();
            assertThat(worker.holdReason("a")).contains("other sessions hold locks", "lock timeout");
            other.rollback();
            worker.pass(Duration.ofSeconds(1));
            assertThat(worker.runAll()).isEqualTo(1);
            shownAsInTheLedger(worker, "a");
        }
    }

    @Test
    void after_five_attempts_a_chunk_is_set_aside_with_its_reason() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(20)) {
            worker.start("a", CampaignKind.BACKFILL, 1);
            worker.campaigns.get("a");
            worker.database.run("ALTER TABLE thing RENAME COLUMN x TO y");
            worker.lane.runOnce();
            assertThat(worker.chunk("a", 1).attempts()).isEqualTo(1);
            assertThat(worker.queue.backlog("a").retrying()).isEqualTo(1);

            worker.database.run("UPDATE backpop.chunk SET attempts = 4", "ALTER TABLE thing RENAME COLUMN y TO x");
            worker.campaigns.get("a");
            worker.database.run("ALTER TABLE thing RENAME COLUMN x TO y");
            worker.housekeeper.runOnce();
            worker.lane.runOnce();

            assertThat(worker.chunk("a", 1).state()).isEqualTo(ChunkState.FAILED);
            assertThat(worker.chunk("a", 1).lastError()).contains("column");
            assertThat(worker.progress.read("a")).containsEntry("chunks.failed", 1L);
            assertThat(worker.queue.backlog("a").outstanding()).isZero();
        }
    }

    @Test
    void a_chunk_that_was_delivered_too_often_is_set_aside_without_being_run() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(10)) {
            worker.start("a", CampaignKind.BACKFILL, 1);
            Lease lease = worker.queue.lease("a", "w").orElseThrow();

            worker.execution.run(new Lease("a", lease.entryId(), 1, "w", ChunkExecution.MOST_DELIVERIES + 1L));

            assertThat(worker.chunk("a", 1).state()).isEqualTo(ChunkState.FAILED);
            assertThat(worker.chunk("a", 1).lastError()).contains("set aside after 5 deliveries");
            assertThat(worker.database.ask("SELECT count(*) FROM thing")).containsExactly("0");
        }
    }

    @Test
    void a_chunk_that_may_kill_its_worker_runs_alone_and_takes_no_other_with_it() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(20);
                Connection other = worker.database.connect()) {
            worker.start("a", CampaignKind.BACKFILL, 2);
            Lease innocent = worker.queue.lease("a", "w-1").orElseThrow();
            Lease suspect = worker.queue.lease("a", "w-2").orElseThrow();
            other.setAutoCommit(false);
            Database.ask(other, "SELECT FROM backpop.chunk WHERE chunk_no = 1 FOR UPDATE");
            CompletableFuture<Void> first = CompletableFuture.runAsync(() -> worker.execution.run(innocent));
            Awaitility.await()
                    .until(() -> worker.database
                            .ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                                    + " AND datname = current_database()")
                            .equals(List.of("1")));

            CompletableFuture<Void> second = CompletableFuture.runAsync(() -> worker.execution.run(
                    new Lease("a", suspect.entryId(), 2, "w-2", ChunkExecution.SUSPECT_DELIVERIES)));

            Awaitility.await()
                    .during(Duration.ofMillis(500))
                    .until(() -> worker.chunk("a", 2).state() == ChunkState.PLANNED);
            other.rollback();
            first.get(10, TimeUnit.SECONDS);
            second.get(10, TimeUnit.SECONDS);
            assertThat(worker.chunk("a", 1).state()).isEqualTo(ChunkState.DONE);
            assertThat(worker.chunk("a", 2).state()).isEqualTo(ChunkState.DONE);
        }
    }

    @Test
    void a_campaign_that_one_lane_forgets_stays_open_for_the_other_that_is_at_it() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(10);
                Connection other = worker.database.connect()) {
            worker.start("a", CampaignKind.BACKFILL, 1);
            worker.campaigns.release(worker.campaigns.get("a"));
            Lease lease = worker.queue.lease("a", "w-1").orElseThrow();
            other.setAutoCommit(false);
            try (Statement statement = other.createStatement()) {
                statement.execute("LOCK TABLE old_thing");
            }
            CompletableFuture<Void> run = CompletableFuture.runAsync(() -> worker.execution.run(lease));
            Awaitility.await()
                    .until(() -> worker.database
                            .ask("SELECT count(*) FROM pg_stat_activity"
                                    + " WHERE wait_event_type = 'Lock' AND datname = current_database()")
                            .equals(List.of("1")));

            worker.campaigns.forget("a");
            other.rollback();

            run.get(20, TimeUnit.SECONDS);
            assertThat(worker.chunk("a", 1).state()).isEqualTo(ChunkState.DONE);
            assertThat(worker.holds.problem()).isNull();
            assertThat(worker.database.ask("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                            + " AND application_name = 'backpop worker' AND query LIKE 'COPY (%'"))
                    .as("sessions of the legacy pool")
                    .containsExactly("0");
        }
    }

    @Test
    void verification_takes_any_number_of_unexpected_rows_between_two_keys_page_by_page() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(10)) {
            worker.database.run(
                    "INSERT INTO thing SELECT id, x, 100 FROM old_thing",
                    "INSERT INTO thing SELECT -i, 'y', 100 FROM generate_series(1, 45000) AS i",
                    "DELETE FROM thing WHERE id = 4",
                    "DELETE FROM old_thing WHERE id IN (5, 6)",
                    "INSERT INTO old_thing VALUES (-20000, 'y', 1), (-50000, 'y', 1)");
            worker.start("shop", CampaignKind.VERIFY, 1);

            assertThat(worker.runAll()).isEqualTo(1);
            assertThat(worker.counters("shop").get(Counter.ROWS_PENDING)).isEqualTo(2);
            assertThat(worker.recheck("shop")).isEqualTo(46);

            Counters counters = worker.counters("shop");
            assertThat(counters.get(Counter.ROWS_MATCHED)).isEqualTo(8);
            assertThat(counters.get(Counter.ROWS_MISSING)).isEqualTo(2);
            assertThat(counters.get(Counter.ROWS_UNEXPECTED)).isEqualTo(44_999 + 2);
            assertThat(counters.get(Counter.ROWS_READ)).isEqualTo(10);
            assertThat(worker.ledger.totals("shop").tally(CampaignKind.VERIFY).addsUp())
                    .isTrue();
        }
    }

    @Test
    void verification_takes_any_number_of_different_rows_in_a_chunk() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(25_000)) {
            worker.database.run(
                    "INSERT INTO thing SELECT id, 'other', 100 FROM old_thing", "DELETE FROM thing WHERE id % 5 = 0");
            worker.start("shop", CampaignKind.VERIFY, 1, 25_000);

            assertThat(worker.runAll()).isEqualTo(1);
            assertThat(worker.counters("shop").get(Counter.ROWS_PENDING)).isEqualTo(25_000);
            assertThat(worker.recheck("shop")).isEqualTo(25);

            Counters counters = worker.counters("shop");
            assertThat(counters.get(Counter.ROWS_MISMATCHED)).isEqualTo(20_000);
            assertThat(counters.get(Counter.ROWS_MISSING)).isEqualTo(5_000);
            assertThat(worker.ledger.totals("shop").tally(CampaignKind.VERIFY).addsUp())
                    .isTrue();
        }
    }

    @Test
    void without_the_triggers_of_the_fence_a_chunk_waits_and_burns_no_attempt() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(10)) {
            worker.plan = WorkerFixture.PLAN.replace("guard: overwrite", "guard: fence");
            worker.start("a", CampaignKind.BACKFILL, 1);
            worker.lane.runOnce();

            assertThat(worker.holdReason("a")).contains("backpop guards PLAN install --entity thing");
            assertThat(worker.chunk("a", 1).attempts()).isZero();

            worker.installTriggers("a");
            worker.pass(Duration.ofMinutes(1));
            worker.housekeeper.runOnce();
            worker.runAll();
            assertThat(worker.counters("a").get(Counter.ROWS_WRITTEN)).isEqualTo(10);
        }
    }

    @Test
    void what_others_write_while_rows_are_fetched_is_guarded() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(10);
                Connection live = worker.database.connect();
                Statement statement = live.createStatement()) {
            worker.plan = WorkerFixture.PLAN.replace("guard: overwrite", "guard: fence");
            worker.start("a", CampaignKind.BACKFILL, 1);
            worker.installTriggers("a");
            worker.database.run("INSERT INTO thing VALUES (1, 'there', 1), (2, 'there', 1), (3, 'there', 1)");
            worker.campaigns.get("a");
            live.setAutoCommit(false);
            statement.execute("LOCK TABLE old_thing");
            CompletableFuture<Boolean> running = CompletableFuture.supplyAsync(worker.lane::runOnce);
            Awaitility.await()
                    .until(() -> worker.database
                            .ask("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                    + " AND wait_event_type = 'Lock'")
                            .equals(List.of("1")));
            statement.execute("UPDATE thing SET x = 'live' WHERE id = 1");
            statement.execute("DELETE FROM thing WHERE id = 2");
            live.commit();

            assertThat(running.join()).isTrue();
            assertThat(worker.counters("a").get(Counter.ROWS_GUARDED)).isEqualTo(2);
            assertThat(worker.counters("a").get(Counter.ROWS_WRITTEN)).isEqualTo(8);
            assertThat(worker.database.ask("SELECT id, x FROM thing WHERE id < 4 ORDER BY id"))
                    .containsExactly("1|live", "3|x3");
        }
    }

    @Test
    void verification_finds_every_kind_of_difference_and_adds_up() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(30)) {
            worker.database.run(
                    "UPDATE old_thing SET n = 0 WHERE id = 3", "UPDATE old_thing SET x = NULL WHERE id = 14");
            worker.start("a", CampaignKind.BACKFILL, 3);
            worker.runAll();
            worker.database.run("UPDATE backpop.campaign SET state = 'completed', plan = 'shop'");
            worker.database.run(
                    "UPDATE thing SET x = 'other' WHERE id = 5",
                    "DELETE FROM thing WHERE id = 6",
                    "DELETE FROM old_thing WHERE id IN (7, 30)");
            worker.start("shop", CampaignKind.VERIFY, 3);

            worker.runAll();
            worker.recheck("shop");

            Counters counters = worker.counters("shop");
            assertThat(counters.get(Counter.ROWS_MATCHED)).isEqualTo(24);
            assertThat(counters.get(Counter.ROWS_MISMATCHED)).isEqualTo(1);
            assertThat(counters.get(Counter.ROWS_MISSING)).isEqualTo(2);
            assertThat(counters.get(Counter.ROWS_UNEXPECTED)).isEqualTo(2);
            assertThat(counters.get(Counter.ROWS_UNVERIFIABLE)).isEqualTo(1);
            assertThat(counters.get(Counter.ROWS_ABSENT)).isEqualTo(2);
            assertThat(worker.ledger.totals("shop").tally(CampaignKind.VERIFY).addsUp())
                    .isTrue();
            assertThat(worker.progress.read("shop")).containsEntry("rows.mismatched", 1L);
            List<StoredDiscrepancy> found = new ArrayList<>();
            worker.ledger.discrepancies("shop", 100, found::add);
            Set<String> kinds = found.stream()
                    .map(one ->
                            one.discrepancy().key() + " " + one.discrepancy().kind())
                    .collect(Collectors.toSet());
            assertThat(kinds)
                    .containsExactlyInAnyOrder(
                            "[5] MISMATCHED", "[6] MISSING", "[14] MISSING", "[7] UNEXPECTED", "[30] UNEXPECTED");
            assertThat(found).anySatisfy(one -> {
                assertThat(one.discrepancy().key()).isEqualTo("[14]");
                assertThat(one.discrepancy().cause()).startsWith("rejected by the backfill: ");
            });
            assertThat(found)
                    .anySatisfy(one -> assertThat(one.discrepancy().columns())
                            .containsExactly(new Discrepancy.Difference("x", "x5", "other", null)));
        }
    }

    @Test
    void a_chunk_of_a_pass_that_only_newer_builds_know_is_left_to_them() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(20)) {
            worker.start("a", CampaignKind.BACKFILL, 2);
            worker.database.run(
                    "ALTER TABLE backpop.chunk DROP CONSTRAINT chunk_pass_word",
                    "UPDATE backpop.chunk SET pass = 'later' WHERE chunk_no = 2");

            worker.lane.runOnce();
            worker.lane.runOnce();

            assertThat(worker.chunk("a", 1).state()).isEqualTo(ChunkState.DONE);
            assertThat(worker.database.ask("SELECT state, attempts FROM backpop.chunk WHERE chunk_no = 2"))
                    .containsExactly("planned|0");
            assertThat(worker.holdReason("a")).contains("pass 'later'", "start a newer one");
            assertThat(worker.queue.chunks("a")).containsExactly(2);
        }
    }
}
