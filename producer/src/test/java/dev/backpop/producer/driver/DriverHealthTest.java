package dev.backpop.producer.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignState;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a driver does while its target is not well, and what was set of its campaign. */
class DriverHealthTest {
    private static final Duration LOOK = Duration.ofSeconds(2);

    @Test
    void a_driver_holds_plans_nothing_meanwhile_and_goes_on_after_three_calm_looks() throws Exception {
        try (DriverScene scene = new DriverScene(5_000)) {
            scene.database.run("CREATE TABLE trouble (reason text)", "INSERT INTO trouble VALUES ('disk nearly full')");
            String id = scene.create(CampaignKind.BACKFILL, null, null, null);
            scene.office.set(id, Map.of("query", "SELECT reason FROM trouble"));
            AtomicLong nanos = new AtomicLong();
            try (Driver driver = scene.driver(id, nanos::get)) {
                driver.runOnce();
                nanos.addAndGet(LOOK.toNanos());
                Campaign held = driver.runOnce();

                assertThat(held.state()).isEqualTo(CampaignState.RUNNING);
                assertThat(held.holdReason())
                        .contains("the query of the plan says: disk nearly full (holds.query): waiting for it");
                assertThat(scene.dispatch.view().fields(id).get("hold")).isEqualTo(held.holdReason());
                assertThat(scene.ledger.totals(id).chunks()).isZero();

                scene.database.run("DELETE FROM trouble");
                for (int i = 0; i < 2; i++) {
                    nanos.addAndGet(LOOK.toNanos());
                    assertThat(driver.runOnce().holdReason()).isNotNull();
                }
                nanos.addAndGet(LOOK.toNanos());
                assertThat(driver.runOnce().holdReason()).isNull();
                assertThat(scene.ledger.totals(id).chunks()).isPositive();
                scene.work(id);
            }
            assertThat(scene.toEnd(id).state()).isEqualTo(CampaignState.COMPLETED);
        }
    }

    @Test
    void chunks_that_finish_during_a_hold_do_not_end_it() throws Exception {
        try (DriverScene scene = new DriverScene(5_000)) {
            scene.database.run("CREATE TABLE trouble (reason text)");
            String id = scene.create(CampaignKind.BACKFILL, null, null, null);
            scene.office.set(id, Map.of("query", "SELECT reason FROM trouble"));
            AtomicLong nanos = new AtomicLong();
            try (Driver driver = scene.driver(id, nanos::get)) {
                driver.runOnce();
                scene.database.run("INSERT INTO trouble VALUES ('disk nearly full')");
                nanos.addAndGet(LOOK.toNanos());
                assertThat(driver.runOnce().holdReason()).isNotNull();

                assertThat(scene.dispatch.queue().lease(id, "w")).isPresent();
                scene.work(id);
                nanos.addAndGet(LOOK.toNanos() / 2);

                assertThat(driver.runOnce().holdReason()).isNotNull();
            }
        }
    }

    @Test
    void a_hold_of_a_worker_that_has_died_is_ended_by_a_driver_that_finds_the_target_calm() throws Exception {
        try (DriverScene scene = new DriverScene(10)) {
            String id = scene.create(CampaignKind.BACKFILL, null, null, null);
            AtomicLong nanos = new AtomicLong();
            try (Driver driver = scene.driver(id, nanos::get)) {
                driver.runOnce();
                scene.ledger.holdForHealth(id, "a replica lags", false);
                for (int i = 0; i < 2; i++) {
                    nanos.addAndGet(LOOK.toNanos());
                    driver.runOnce();
                }
                assertThat(scene.ledger.find(id).orElseThrow().holdReason()).isNull();
            }
        }
    }

    @Test
    void the_size_of_chunks_follows_the_time_and_the_rate_that_were_set() throws Exception {
        try (DriverScene scene = new DriverScene(2_000)) {
            String id = scene.create(CampaignKind.BACKFILL, null, null, null);
            scene.office.set(id, Map.of("rate", "50"));
            try (Driver driver = scene.driver(id, System::nanoTime)) {
                driver.runOnce();
            }
            assertThat(scene.ledger.chunk(id, 1).orElseThrow().keyCount()).isEqualTo(50);
        }
    }

    @Test
    void what_a_late_driver_has_read_does_not_undo_a_pause_in_redis() throws Exception {
        try (DriverScene scene = new DriverScene(10)) {
            String id = scene.create(CampaignKind.BACKFILL, null, null, null);
            try (Driver driver = scene.driver(id, System::nanoTime)) {
                driver.runOnce();
            }
            Campaign late = scene.office.require(id);
            scene.office.change(id, CampaignState.PAUSED, null);

            scene.dispatch.publish(late, null);

            assertThat(scene.dispatch.view().fields(id)).containsEntry("state", "paused");
            assertThat(scene.dispatch.queue().lease(id, "w")).isEmpty();
            scene.office.change(id, CampaignState.CANCELLED, null);
            scene.dispatch.publish(late, null);
            assertThat(scene.dispatch.view().active()).doesNotContain(id);
        }
    }
}
