package dev.backpop.producer.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A chunk that kills every worker that runs it. */
@Chaos
class DeadlyChunkTest {
    private static final String FETCHES = "pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY (%'"
            + " AND wait_event = 'PgSleep'";

    @Test
    // Five leases that run out, one after the other, take 75 s at least.
    @Timeout(240)
    void a_chunk_that_kills_its_worker_every_time_is_set_aside_and_the_rest_completes() throws Exception {
        try (Scene scene = Scene.open()) {
            // A row whose fetch takes until the worker is dead. Stable, or the planner would fetch it for every chunk.
            scene.run(
                    "CREATE TABLE deadly (id int)",
                    "ALTER TABLE old_thing RENAME TO old_rows",
                    "CREATE FUNCTION deadly(x text) RETURNS text LANGUAGE plpgsql STABLE AS"
                            + " $$ BEGIN PERFORM pg_sleep(30); RETURN x; END $$",
                    "CREATE VIEW old_thing AS SELECT id, CASE WHEN id IN (SELECT id FROM deadly) THEN deadly(x) ELSE x END"
                            + " AS x, n, version FROM old_rows");
            scene.pace(Scene.SLOW);
            // One process at a time: whatever chunk it runs beside the deadly one dies with it.
            List<JavaProcess> worker = new ArrayList<>(List.of(scene.worker()));
            JavaProcess driver = scene.backfill();
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> chunkOf54321(scene) > 0);
            scene.run("INSERT INTO deadly VALUES (54321)");
            int deadly = chunkOf54321(scene);
            Instant blow = Instant.now();
            Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> {
                // Who has leased it may still wait for its turn; who fetches it dies.
                if (scene.number("SELECT count(*) FROM " + FETCHES) > 0) {
                    worker.get(0).kill();
                    scene.run("SELECT pg_terminate_backend(pid) FROM " + FETCHES);
                    worker.set(0, scene.worker());
                }
                return scene.ask("SELECT state FROM backpop.chunk WHERE chunk_no = " + deadly)
                        .get(0)
                        .equals("failed");
            });
            double seconds = Duration.between(blow, Instant.now()).toMillis() / 1000.0;
            scene.pace(0);
            assertThat(driver.awaitEnd(Duration.ofSeconds(40))).as(driver::said).isEqualTo(1);
            assertThat(scene.ask("SELECT chunk_no, state, last_error LIKE 'set aside after 5 deliveries%'"
                            + " FROM backpop.chunk WHERE state <> 'done'"))
                    .as("only the chunk that kills")
                    .containsExactly(deadly + "|failed|t");

            scene.run("DELETE FROM deadly");
            assertThat(scene.backpop("retry", Scene.CAMPAIGN).awaitEnd(Duration.ofSeconds(20)))
                    .isZero();
            scene.awaitEnd(scene.resume());
            scene.compare("workers: a chunk kills its worker each time (until set aside; mended, retried)", seconds);
        }
    }

    private static int chunkOf54321(Scene scene) {
        if (scene.ask("SELECT to_regclass('backpop.chunk')").get(0).equals("null")) {
            return 0;
        }
        return (int) scene.number("SELECT coalesce(max(chunk_no), 0) FROM backpop.chunk"
                + " WHERE (first_key->>0)::int <= 54321 AND (last_key->>0)::int >= 54321");
    }
}
