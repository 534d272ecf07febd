package dev.backpop.producer.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.Chunk;
import dev.backpop.campaign.ChunkState;
import dev.backpop.ledger.NewChunk;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.queue.Lease;
import dev.backpop.testing.Database;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What happens to a driver between two of its looks at the ledger. */
class DriverRacesTest {
    @Test
    void a_pause_that_comes_first_stays_and_the_campaign_ends_later() throws Exception {
        try (DriverScene scene = new DriverScene(100)) {
            String id = scene.create(CampaignKind.BACKFILL, null, null, null);
            try (Driver driver = scene.driver(id, System::nanoTime);
                    Connection pausing = scene.database.connect()) {
                driver.runOnce();
                scene.work(id);
                pausing.setAutoCommit(false);
                try (var statement = pausing.createStatement()) {
                    statement.execute("UPDATE backpop.campaign SET state = 'paused'");
                }
                CompletableFuture<Campaign> end = CompletableFuture.supplyAsync(driver::runOnce);
                Awaitility.await()
                        .until(() -> !Database.ask(
                                        pausing,
                                        "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                                                + " AND datname = current_database()")
                                .isEmpty());
                pausing.commit();

                assertThat(end.get(20, TimeUnit.SECONDS).state()).isEqualTo(CampaignState.PAUSED);
                scene.office.change(id, CampaignState.RUNNING, null);
                assertThat(driver.runOnce().state()).isEqualTo(CampaignState.COMPLETED);
            }
        }
    }

    @Test
    void parts_of_a_chunk_whose_worker_died_before_it_queued_them_are_found_in_the_ledger() throws Exception {
        try (DriverScene scene = new DriverScene(100)) {
            String id = scene.create(CampaignKind.BACKFILL, null, null, null);
            AtomicLong nanos = new AtomicLong();
            try (Driver driver = scene.driver(id, nanos::get)) {
                driver.runOnce();
                assertThat(scene.ledger.splitChunk(
                                id,
                                1,
                                "w",
                                Duration.ZERO,
                                "too long",
                                List.of(
                                        NewChunk.range(null, "[1]", "[30]", 30),
                                        NewChunk.range("[30]", "[31]", "[100]", 70))))
                        .contains(2);
                Lease left = scene.dispatch.queue().lease(id, "w").orElseThrow();
                assertThat(scene.dispatch.queue().split(left, List.of())).isTrue();
                assertThat(driver.runOnce().state()).isEqualTo(CampaignState.RUNNING);
                nanos.addAndGet(Duration.ofSeconds(11).toNanos());
                driver.runOnce();

                assertThat(scene.dispatch.queue().chunks(id)).containsExactly(2, 3);
                assertThat(scene.dispatch.progress().read(id))
                        .containsEntry("chunks.planned", 2L)
                        .containsEntry("keys.enumerated", 100L);
                scene.work(id);
                nanos.addAndGet(Duration.ofSeconds(2).toNanos());
                assertThat(driver.runOnce().state()).isEqualTo(CampaignState.COMPLETED);
            }
            assertThat(scene.ledger.totals(id).tally(CampaignKind.BACKFILL).explain())
                    .startsWith("100 enumerated = 100 written");
        }
    }

    /** As a worker does that finds the window full: the parts are in the ledger alone. */
    private static void splitQueuedChunk(DriverScene scene, String id) {
        Lease lease = scene.dispatch.queue().lease(id, "w").orElseThrow();
        Chunk chunk = scene.ledger.chunk(id, lease.chunkNo()).orElseThrow();
        int last = (int) (chunk.chunkNo() * chunk.keyCount());
        int middle = last - 500;
        String first = "[" + (last - 999) + "]";
        assertThat(scene.ledger.splitChunk(
                        id,
                        chunk.chunkNo(),
                        "w",
                        Duration.ZERO,
                        "too long",
                        List.of(
                                NewChunk.range(chunk.afterKey(), first, "[" + middle + "]", 500),
                                NewChunk.range("[" + middle + "]", "[" + (middle + 1) + "]", "[" + last + "]", 500))))
                .isPresent();
        assertThat(scene.dispatch.queue().split(lease, List.of())).isTrue();
    }

    private static long chunks(DriverScene scene, String id) {
        return scene.ledger.totals(id).chunks() + scene.ledger.totals(id).chunks(ChunkState.SPLIT);
    }

    @Test
    void parts_that_wait_in_the_ledger_are_queued_before_anything_new_is_planned() throws Exception {
        try (DriverScene scene = new DriverScene(200_000)) {
            String id = scene.create(CampaignKind.BACKFILL, null, null, null);
            AtomicLong nanos = new AtomicLong();
            try (Driver driver = scene.driver(id, nanos::get)) {
                driver.runOnce();
                for (int i = 0; i < 40; i++) {
                    splitQueuedChunk(scene, id);
                }
                nanos.addAndGet(Duration.ofSeconds(2).toNanos());
                driver.runOnce();
                scene.work(id);
                long known = chunks(scene, id);

                driver.runOnce();

                assertThat(chunks(scene, id)).as("chunks planned").isEqualTo(known);
                // The parts have the numbers behind the 64 of the first window.
                assertThat(scene.dispatch.queue().chunks(id))
                        .hasSize(64)
                        .allMatch(chunk -> chunk > 64 && chunk <= 64 + 80);
            }
        }
    }

    @Test
    void parts_that_wait_in_the_ledger_are_queued_though_there_is_nothing_left_to_plan() throws Exception {
        try (DriverScene scene = new DriverScene(3_000)) {
            String id = scene.create(CampaignKind.BACKFILL, null, null, null);
            AtomicLong nanos = new AtomicLong();
            try (Driver driver = scene.driver(id, nanos::get)) {
                driver.runOnce();
                for (int i = 0; i < 3; i++) {
                    splitQueuedChunk(scene, id);
                }
                driver.runOnce();
                driver.runOnce();

                assertThat(scene.dispatch.queue().chunks(id)).containsExactly(4, 5, 6, 7, 8, 9);
                scene.work(id);
                assertThat(driver.runOnce().state()).isEqualTo(CampaignState.COMPLETED);
            }
        }
    }

    @Test
    void a_cancelled_campaign_is_not_shown_as_active_again() throws Exception {
        try (DriverScene scene = new DriverScene(100)) {
            String id = scene.create(CampaignKind.BACKFILL, null, null, null);
            try (Driver driver = scene.driver(id, () -> {
                scene.office.change(id, CampaignState.CANCELLED, null);
                return 0;
            })) {
                assertThat(driver.runOnce().state()).isEqualTo(CampaignState.CANCELLED);
            }
            assertThat(scene.dispatch.view().active()).doesNotContain(id);
            assertThat(scene.dispatch.view().fields(id)).containsEntry("state", "cancelled");
        }
    }

    @Test
    void a_driver_whose_plan_another_one_went_on_with_leaves_it_to_the_next() throws Exception {
        try (DriverScene scene = new DriverScene(70_000)) {
            String id = scene.create(CampaignKind.BACKFILL, null, null, null);
            try (Driver frozen = scene.driver(id, System::nanoTime);
                    StoredPlan plan = scene.plan()) {
                frozen.runOnce();
                plan.planner(scene.office.require(id)).plan(2, 1_000);
                scene.work(id);

                assertThatThrownBy(frozen::runOnce).isInstanceOf(DriverLostException.class);
            }
            assertThat(scene.toEnd(id).state()).isEqualTo(CampaignState.COMPLETED);
            assertThat(scene.ledger.totals(id).keys()).isEqualTo(70_000);
        }
    }

    @Test
    void a_producer_that_lacks_a_variable_says_so_and_the_campaign_goes_on_with_another() throws Exception {
        try (DriverScene scene = new DriverScene(70_000)) {
            String id = scene.create(CampaignKind.BACKFILL, null, null, null);
            try (Driver first = scene.driver(id, System::nanoTime)) {
                first.runOnce();
            }
            scene.work(id);
            String url = scene.variables.remove("STORE_URL");
            try (Driver second = scene.driver(id, System::nanoTime)) {
                assertThatThrownBy(second::runOnce)
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageContaining("STORE_URL");
            }
            Campaign held = scene.office.require(id);
            assertThat(held.state()).isEqualTo(CampaignState.RUNNING);
            assertThat(held.holdReason()).contains("STORE_URL");
            scene.variables.put("STORE_URL", url);
            assertThat(scene.toEnd(id).state()).isEqualTo(CampaignState.COMPLETED);
            assertThat(scene.ledger.totals(id).keys()).isEqualTo(70_000);
        }
    }

    @Test
    void a_campaign_whose_planning_failed_can_be_retried() throws Exception {
        try (DriverScene scene = new DriverScene(100)) {
            String id = scene.create(CampaignKind.BACKFILL, null, null, null);
            scene.database.run("ALTER TABLE old_thing RENAME TO elsewhere");
            Campaign failed = scene.toEnd(id);
            assertThat(failed.state()).isEqualTo(CampaignState.FAILED);
            assertThat(failed.reason()).contains("planning failed", "old_thing", "backpop retry " + id);
            scene.database.run("ALTER TABLE elsewhere RENAME TO old_thing");

            assertThat(scene.office.retry(id)).contains(new CampaignOffice.Retry(0, 0));
            assertThat(scene.toEnd(id).state()).isEqualTo(CampaignState.COMPLETED);
            assertThat(scene.ledger.totals(id).keys()).isEqualTo(100);
            assertThat(scene.office.retry(id)).isEmpty();
        }
    }

    @Test
    void a_listed_campaign_comes_with_its_chunks_or_not_at_all() throws Exception {
        try (DriverScene scene = new DriverScene(100)) {
            scene.database.run(
                    "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no room'; END $$",
                    "CREATE TRIGGER no BEFORE INSERT ON backpop.chunk EXECUTE FUNCTION no()");
            assertThatThrownBy(() -> scene.create(CampaignKind.BACKFILL, null, null, List.of("5")))
                    .hasMessageContaining("no room");

            assertThat(scene.ledger.list(false, 10))
                    .as("it would be taken for a campaign over all keys")
                    .isEmpty();
        }
    }

    @Test
    void target_keys_beyond_the_legacy_ones_are_listed_a_few_chunks_at_a_time_up_to_the_bound_asked_for()
            throws Exception {
        try (DriverScene scene = new DriverScene(20)) {
            scene.database.run("INSERT INTO thing SELECT generate_series(15, 30000)");
            // The counts of both sides are not those that these workers tell, and need not hold still for that to be
            // said.
            scene.plan = scene.plan.replace("guard: overwrite", "guard: overwrite\n    verify: { settle: 0s }");
            String id = scene.create(CampaignKind.VERIFY, "10", "26000", null);
            try (Driver driver = scene.driver(id, System::nanoTime)) {
                driver.runOnce();
                driver.runOnce();
                assertThat(scene.ledger.totals(id).keys()).isBetween(11L, 20_011L);
            }
            assertThat(scene.toEnd(id).state()).isEqualTo(CampaignState.COMPLETED);
            assertThat(scene.ledger.totals(id).keys()).isEqualTo(11 + 25_980);
            assertThat(scene.database.ask("SELECT max((keys->-1->>0)::int) FROM backpop.chunk"))
                    .containsExactly("26000");
        }
    }
}
