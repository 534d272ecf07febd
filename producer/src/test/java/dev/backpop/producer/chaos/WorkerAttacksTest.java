package dev.backpop.producer.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Workers that freeze, are told to stop, or are all gone. */
@Chaos
class WorkerAttacksTest {
    private static final String IDLE_IN_TRANSACTION = "SELECT count(*) FROM pg_stat_activity WHERE datname ="
            + " current_database() AND application_name = 'backpop worker' AND state = 'idle in transaction'";

    @Test
    void a_worker_frozen_past_its_lease_goes_on_in_its_old_transaction() throws Exception {
        try (Scene scene = Scene.open()) {
            // Longer than the others, so that the frozen worker's session is not yet idle for too long when it goes on.
            scene.pace(4);
            JavaProcess frozen = scene.worker("--lanes", "1");
            JavaProcess driver = scene.backfill();
            scene.awaitInserting(frozen);
            int chunk = scene.leases.heldBy(frozen).get(0);
            Instant blow = Instant.now();
            long at = System.nanoTime();
            frozen.freeze();
            scene.worker();
            scene.awaitElsewhere(chunk, frozen, at);
            assertThat(scene.number(IDLE_IN_TRANSACTION))
                    .as("its transaction is open")
                    .isPositive();
            assertThat(state(scene, chunk)).isEqualTo("planned");

            frozen.thaw();

            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> state(scene, chunk).startsWith("done"));
            assertThat(scene.ask("SELECT worker FROM backpop.chunk WHERE chunk_no = " + chunk)
                            .get(0))
                    .as("who was first")
                    .contains("-" + frozen.pid() + "-");
            scene.pace(0);
            double seconds = scene.recovery(blow, Instant.now());
            scene.awaitEnd(driver);
            scene.compare("workers: SIGSTOP past the lease, SIGCONT into its open transaction", seconds);
        }
    }

    private static String state(Scene scene, int chunk) {
        return scene.ask("SELECT state FROM backpop.chunk WHERE chunk_no = " + chunk)
                .get(0);
    }

    @Test
    void a_worker_frozen_for_longer_loses_its_transaction_and_writes_nothing() throws Exception {
        try (Scene scene = Scene.open()) {
            scene.pace(Scene.SLOW);
            JavaProcess frozen = scene.worker();
            JavaProcess driver = scene.backfill();
            scene.awaitInserting(frozen);
            scene.worker();
            List<Integer> chunks = scene.leases.heldBy(frozen);
            Instant blow = Instant.now();
            frozen.freeze();
            for (int chunk : chunks) {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(40))
                        .until(() -> state(scene, chunk).startsWith("done"));
            }
            Instant ranElsewhere = Instant.now();

            frozen.thaw();

            double seconds = Duration.between(blow, ranElsewhere).toMillis() / 1000.0;
            scene.pace(0);
            scene.awaitEnd(driver);
            assertThat(frozen.alive()).isTrue();
            scene.compare("workers: SIGSTOP until its session is ended, then SIGCONT", seconds);
        }
    }

    @Test
    void workers_told_to_stop_finish_or_hand_back_their_chunks() throws Exception {
        try (Scene scene = Scene.open()) {
            scene.pace(3);
            JavaProcess patient = scene.worker();
            JavaProcess hasty = scene.worker("--grace", "0");
            JavaProcess driver = scene.backfill();
            scene.awaitInserting(patient);
            scene.awaitInserting(hasty);
            Instant blow = Instant.now();
            patient.terminate();
            hasty.terminate();
            scene.worker();
            assertThat(hasty.awaitEnd(Duration.ofSeconds(5))).isEqualTo(143);
            assertThat(patient.awaitEnd(Duration.ofSeconds(10))).isEqualTo(143);
            // Fast, and yet slow enough for each lease to be seen.
            scene.pace(0.2);
            double seconds = scene.recovery(blow, blow);
            scene.awaitEnd(driver);
            assertThat(scene.leases.redelivered()).as("handed back").isPositive();
            assertThat(scene.number("SELECT sum(attempts) FROM backpop.chunk")).isZero();
            scene.compare("workers: SIGTERM during chunks, one with grace and one without", seconds);
        }
    }

    @Test
    void all_workers_are_dead_for_a_while() throws Exception {
        try (Scene scene = Scene.open()) {
            scene.pace(Scene.SLOW);
            JavaProcess one = scene.worker();
            JavaProcess two = scene.worker();
            JavaProcess driver = scene.backfill();
            scene.awaitDone(6);
            Instant blow = Instant.now();
            one.kill();
            two.kill();
            Scene.elapse(Duration.ofSeconds(10));
            Instant over = Instant.now();
            scene.worker();
            scene.worker();
            double seconds = scene.recovery(blow, over);
            scene.pace(0);
            scene.awaitEnd(driver);
            scene.compare("workers: all dead for 10 s", seconds);
        }
    }
}
