package dev.backpop.producer.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@Chaos
class WorkerKillsTest {
    private static final int KILLS = 30;

    @Test
    void one_of_three_workers_is_killed_thirty_times_and_its_chunks_run_elsewhere_within_30_seconds() throws Exception {
        try (Scene scene = Scene.open()) {
            scene.pace(Scene.SLOW);
            Random random = new Random(20_261_122);
            List<JavaProcess> workers = new ArrayList<>(List.of(scene.worker(), scene.worker(), scene.worker()));
            JavaProcess driver = scene.backfill();
            List<Kill> kills = new ArrayList<>();
            for (int i = 0; i < KILLS; i++) {
                JavaProcess victim = workers.remove(random.nextInt(workers.size()));
                Awaitility.await()
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> !scene.leases.heldBy(victim).isEmpty());
                victim.kill();
                long at = System.nanoTime();
                kills.add(new Kill(victim, at));
                workers.add(scene.worker());
            }
            double[] seconds = kills.stream()
                    .filter(kill ->
                            !scene.leases.heldAtDeath(kill.victim(), kill.at()).isEmpty())
                    .mapToDouble(kill -> scene.awaitElsewhere(kill.victim(), kill.at()))
                    .sorted()
                    .toArray();
            scene.pace(0);
            scene.awaitEnd(driver);

            scene.compare("workers: SIGKILL one of three, 30 times", seconds[seconds.length - 1]);
            OutcomeTable.note(String.format(
                    Locale.ROOT,
                    "after SIGKILL a chunk ran elsewhere within: p50 %.1f s, p95 %.1f s, max %.1f s (%d of %d held one)",
                    seconds[seconds.length / 2],
                    seconds[(int) Math.ceil(seconds.length * 0.95) - 1],
                    seconds[seconds.length - 1],
                    seconds.length,
                    KILLS));
            assertThat(seconds).hasSizeGreaterThan(KILLS / 2);
            assertThat(seconds[(int) Math.ceil(seconds.length * 0.95) - 1]).isLessThan(30);
        }
    }

    private record Kill(JavaProcess victim, long at) {}
}
