package dev.backpop.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.ChunkState;
import dev.backpop.health.TargetHealth;
import dev.backpop.plan.PlanReader;
import dev.backpop.settings.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a worker does while its target is not well, and while a campaign is paused. */
class HealthKeeperTest {
    private static final String WATCHED =
            WorkerFixture.PLAN + "holds: { query: \"SELECT reason FROM trouble\", replica_lag: null }\n";

    private static HealthKeeper keeper(WorkerFixture worker) {
        return new HealthKeeper(
                new TargetHealth(worker.target),
                worker.ledger,
                new PlanReader(new Environment(worker.variables::get)),
                worker.rotation,
                worker.allowances,
                worker.metrics);
    }

    private static void look(WorkerFixture worker, HealthKeeper keeper) {
        worker.rotation.lookSoon();
        worker.rotation.turn();
        keeper.runOnce();
    }

    private static int done(WorkerFixture worker, String id) {
        return worker.ledger.chunkNumbers(id, ChunkState.DONE).size();
    }

    @Test
    void a_campaign_holds_with_its_reason_while_another_goes_on_and_begins_again_with_one_lane() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(100)) {
            worker.database.run("CREATE TABLE trouble (reason text)");
            worker.start("other", CampaignKind.BACKFILL, 10);
            worker.plan = WATCHED;
            worker.start("a", CampaignKind.BACKFILL, 10);
            HealthKeeper keeper = keeper(worker);
            look(worker, keeper);
            for (int i = 0; i < 4; i++) {
                assertThat(worker.lane.runOnce()).isTrue();
            }
            assertThat(done(worker, "a")).isEqualTo(2);
            assertThat(keeper.problem()).isNull();

            worker.database.run("INSERT INTO trouble VALUES ('disk nearly full')");
            look(worker, keeper);
            for (int i = 0; i < 4; i++) {
                assertThat(worker.lane.runOnce()).isTrue();
            }

            assertThat(done(worker, "a")).isEqualTo(2);
            assertThat(done(worker, "other")).isEqualTo(6);
            assertThat(worker.holdReason("a"))
                    .isEqualTo("the query of the plan says: disk nearly full (holds.query): waiting for it; backpop set"
                            + " a query=null goes on");
            assertThat(worker.holdReason("other")).isEqualTo("null");
            assertThat(keeper.problem()).startsWith("a: the query of the plan says");
            assertThat(worker.metrics.scrape())
                    .contains("backpop_holds_total{reason=\"query\"} 1.0")
                    .contains("backpop_holds_total{reason=\"lock_waits\"} 0.0");
            assertThat(worker.allowances.fewest()).isZero();

            worker.database.run("DELETE FROM trouble");
            look(worker, keeper);
            look(worker, keeper);
            assertThat(worker.holdReason("a")).as("two calm looks").isNotEqualTo("null");
            look(worker, keeper);
            assertThat(worker.holdReason("a")).isEqualTo("null");
            assertThat(keeper.problem()).isNull();
            assertThat(worker.allowances.fewest()).isEqualTo(1);
            worker.runAll();
            assertThat(done(worker, "a")).isEqualTo(10);
        }
    }

    @Test
    void what_was_set_counts_at_the_next_look_and_a_hold_that_somebody_else_ended_is_said_again() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(10)) {
            worker.database.run("CREATE TABLE trouble (reason text)", "INSERT INTO trouble VALUES ('no')");
            worker.plan = WATCHED;
            worker.start("a", CampaignKind.BACKFILL, 1);
            HealthKeeper keeper = keeper(worker);
            look(worker, keeper);
            assertThat(worker.lane.runOnce()).isFalse();
            worker.ledger.holdForHealth("a", null, false);
            look(worker, keeper);
            assertThat(worker.holdReason("a")).contains("says: no");

            worker.view.publish("a", Map.of("settings", "{\"query\": \"null\"}"), Instant.EPOCH);
            for (int i = 0; i < 3; i++) {
                look(worker, keeper);
            }

            assertThat(worker.holdReason("a")).isEqualTo("null");
            assertThat(worker.lane.runOnce()).isTrue();
        }
    }

    @Test
    void a_target_near_a_threshold_gets_fewer_lanes_and_no_hold() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(10)) {
            worker.plan = WorkerFixture.PLAN + "holds: { unarchived_wal: null, lock_waits: 1 }\n";
            worker.start("a", CampaignKind.BACKFILL, 1);
            HealthKeeper keeper = keeper(worker);
            try (var holder = worker.database.connect();
                    var waiter = worker.database.connect()) {
                holder.setAutoCommit(false);
                holder.createStatement().execute("LOCK TABLE old_thing");
                Thread waiting = new Thread(() -> {
                    try (var statement = waiter.createStatement()) {
                        statement.execute("DELETE FROM old_thing WHERE id > 1000");
                    } catch (java.sql.SQLException e) {
                        throw new IllegalStateException(e);
                    }
                });
                waiting.start();
                Awaitility.await()
                        .until(() -> !worker.database
                                .ask("SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid)"
                                        + " WHERE NOT granted AND datname = current_database()")
                                .isEmpty());
                look(worker, keeper);
                look(worker, keeper);
                assertThat(worker.allowances.fewest()).as("four less two").isEqualTo(2);
                assertThat(worker.holdReason("a")).isEqualTo("null");
                holder.rollback();
                waiting.join();
            }
            look(worker, keeper);
            assertThat(worker.allowances.fewest()).isEqualTo(3);
        }
    }

    @Test
    void a_campaign_of_another_target_is_not_watched_and_keeps_nobody_from_being() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(10)) {
            worker.view.publish("foreign", Map.of("state", "running"), Instant.EPOCH);
            worker.database.run("CREATE TABLE trouble (reason text)", "INSERT INTO trouble VALUES ('no')");
            worker.plan = WATCHED;
            worker.start("a", CampaignKind.BACKFILL, 1);
            HealthKeeper keeper = keeper(worker);

            look(worker, keeper);

            assertThat(worker.holdReason("a")).contains("says: no");
        }
    }

    @Test
    void a_pause_starts_no_more_chunks_finishes_those_begun_and_loses_none() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(1_000)) {
            worker.database.run(
                    "CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS"
                            + " $$ BEGIN PERFORM pg_sleep(0.3); RETURN NULL; END $$",
                    "CREATE TRIGGER slowly AFTER INSERT ON thing EXECUTE FUNCTION slowly()");
            worker.start("a", CampaignKind.BACKFILL, 100);
            // No hint reaches it.
            CampaignRotation rotation = new CampaignRotation(worker.view, System::nanoTime);
            Lanes lanes = new Lanes(new Wakeup(), (name, error) -> {});
            for (int i = 1; i <= 3; i++) {
                Lane lane =
                        new Lane("w-" + i, worker.queue, rotation, worker.allowances, worker.held, worker.execution);
                lanes.start("lane-" + i, lane::runOnce, Duration.ofMillis(200));
            }
            try {
                Awaitility.await().until(() -> done(worker, "a") >= 5);

                worker.ledger.transition("a", CampaignState.PAUSED, null);
                worker.view.publish("a", Map.of("state", "paused"), Instant.EPOCH);
                Instant paused = java.time.Clock.systemUTC().instant();

                Awaitility.await().until(() -> worker.queue.backlog("a").leased() == 0);
                int finished = done(worker, "a");
                Awaitility.await()
                        .during(Duration.ofMillis(2_500))
                        .until(() -> worker.queue.backlog("a").leased() == 0 && done(worker, "a") == finished);
                List<String> begunAfterwards =
                        worker.database.ask("SELECT count(*), count(*) FILTER (WHERE started_at > timestamptz '"
                                + paused + "' + interval '0.1s'),"
                                + " count(*) FILTER (WHERE finished_at > '" + paused + "') > 0"
                                + " FROM backpop.chunk WHERE state = 'done'");
                assertThat(begunAfterwards).containsExactly(finished + "|0|t");

                worker.ledger.transition("a", CampaignState.RUNNING, null);
                worker.view.publish("a", Map.of("state", "running"), Instant.EPOCH);
                worker.database.run("DROP TRIGGER slowly ON thing");
                Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> done(worker, "a") == 100);
            } finally {
                lanes.stop();
                assertThat(lanes.awaitEnd(Duration.ofSeconds(20))).isTrue();
            }
            assertThat(worker.database.ask("SELECT count(*), (SELECT max(attempts) FROM backpop.chunk) FROM thing"))
                    .containsExactly("1000|0");
            assertThat(worker.progress.read("a")).containsEntry("rows.written", 1_000L);
        }
    }
}
