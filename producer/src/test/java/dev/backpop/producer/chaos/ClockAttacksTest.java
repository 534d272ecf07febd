package dev.backpop.producer.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Workers whose clocks are hours apart: leases live on Redis' clock, fences on PostgreSQL's snapshots. */
@Chaos
class ClockAttacksTest {
    @Test
    void the_clocks_of_workers_are_an_hour_apart() throws Exception {
        Optional<Path> library = library();
        assumeTrue(library.isPresent(), "skipped: Debian's package faketime is not installed");
        try (Scene scene = Scene.open()) {
            scene.pace(0.5);
            JavaProcess ahead = scene.worker(clock(library.get(), "+3600"));
            JavaProcess behind = scene.worker(clock(library.get(), "-3600"));
            scene.worker();
            JavaProcess driver = scene.backfill();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> hasRun(scene, ahead, ">") && hasRun(scene, behind, "<"));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> !scene.leases.heldBy(ahead).isEmpty());
            ahead.kill();
            long at = System.nanoTime();
            scene.pace(0.2);
            double seconds = scene.awaitElsewhere(ahead, at);
            // Who holds what is decided by Redis alone: no lease of a living worker was taken for expired.
            assertThat(scene.leases.redelivered())
                    .isEqualTo(scene.leases.heldAtDeath(ahead, at).size());
            scene.awaitEnd(driver);
            scene.compare("clocks: workers an hour ahead and behind, the first killed", seconds);
        }
    }

    /** A worker is named after when it started, by its clock; what it did is timed by the target's. */
    private static boolean hasRun(Scene scene, JavaProcess worker, String than) {
        return !scene.ask("SELECT to_regclass('backpop.chunk')").equals(List.of("null"))
                && scene.number("SELECT count(*) FROM backpop.chunk WHERE state = 'done' AND worker LIKE '%-"
                                + worker.pid()
                                + "-%' AND to_timestamp(regexp_replace(worker, '.*-', '')::bigint) - now() " + than
                                + " interval '" + (than.equals(">") ? "" : "-")
                                + "50 minutes' AND abs(extract(epoch FROM started_at - now())) < 600")
                        > 0;
    }

    private static Map<String, String> clock(Path library, String seconds) {
        // The monotonic clock, by which threads wait, is left alone.
        return Map.of(
                "LD_PRELOAD",
                library.toString(),
                "FAKETIME",
                seconds,
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                "FAKETIME_FORCE_MONOTONIC_FIX",
                "0");
    }

    private static Optional<Path> library() throws IOException {
        Path libraries = Path.of("/usr/lib");
        try (Stream<Path> machines = Files.list(libraries)) {
            return machines.map(machine -> machine.resolve("faketime/libfaketimeMT.so.1"))
                    .filter(Files::isRegularFile)
                    .findFirst();
        }
    }
}
