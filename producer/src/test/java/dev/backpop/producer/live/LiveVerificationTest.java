package dev.backpop.producer.live;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Verification beside an application that writes all the time: what its writers have done to the one table and not yet to the
 * other is never confirmed, and what is really different is, while they go on. With {@code -Dbackpop.seeds=N}, N times as
 * many trials.
 */
@Tag("chaos")
@Tag("alone")
class LiveVerificationTest {
    private static final int AT_A_TIME = 2;
    /** Each is done within three minutes of its own, after those before it. */
    private static final int PATIENCE_MINUTES = 15;

    private static final Map<LiveVerification, Future<LiveVerification.Outcome>> OUTCOMES = new LinkedHashMap<>();
    private static ExecutorService threads;
    private static LiveScene scene;

    @BeforeAll
    static void begin() throws Exception {
        assumeTrue(
                Files.isRegularFile(LiveScene.workerJar()), "skipped: there is no worker jar yet, mvn verify makes it");
        scene = LiveScene.open();
        // Anew each time, since a failed attempt is made once more.
        threads = Executors.newFixedThreadPool(AT_A_TIME);
        OUTCOMES.clear();
        List<LiveVerification> all = new ArrayList<>(planted());
        all.addAll(clean());
        for (LiveVerification trial : all) {
            String name = "checked_" + (OUTCOMES.size() + 1);
            OUTCOMES.put(trial, threads.submit(() -> trial.run(scene, name)));
        }
    }

    @AfterAll
    static void end() {
        if (threads != null) {
            threads.shutdownNow();
        }
        if (scene != null) {
            scene.close();
        }
    }

    static List<LiveVerification> clean() {
        List<LiveVerification> trials = new ArrayList<>();
        for (long seed = 1; seed <= Long.getLong("backpop.seeds", 1); seed++) {
            for (String method : List.of("digests", "bytes", "rows")) {
                trials.add(new LiveVerification(method, true, false, !method.equals("bytes"), seed));
                trials.add(new LiveVerification(method, false, false, true, seed));
            }
        }
        trials.add(new LiveVerification("digests", false, false, true, "text", false, 21));
        trials.add(new LiveVerification("bytes", true, false, true, "text", false, 22));
        trials.add(new LiveVerification("rows", false, false, true, "int", true, 23));
        trials.add(new LiveVerification("digests", false, false, true, "text", true, 24));
        return trials;
    }

    static List<LiveVerification> planted() {
        return List.of(
                new LiveVerification("digests", false, true, true, 11),
                new LiveVerification("rows", true, true, true, 12));
    }

    @ParameterizedTest
    @MethodSource("clean")
    void a_clean_migration_ends_clean_and_nothing_is_ever_confirmed(LiveVerification trial) throws Exception {
        LiveVerification.Outcome outcome = outcome(trial);

        assertThat(outcome.everConfirmed()).as(outcome.toString()).isEmpty();
        assertThat(outcome.confirmed()).as(outcome.toString()).isEmpty();
        assertThat(outcome.exitCode()).as(outcome + outcome.log()).isZero();
        theSumHolds(outcome, 0);
        if (!trial.oneDatabase()) {
            // Or else nothing that is transient was there to be seen.
            assertThat(outcome.resolved()).as(outcome.toString()).isPositive();
        }
    }

    @ParameterizedTest
    @MethodSource("planted")
    void what_is_really_different_is_confirmed_while_they_write(LiveVerification trial) throws Exception {
        LiveVerification.Outcome outcome = outcome(trial);

        assertThat(outcome.confirmed()).as(outcome.toString()).isEqualTo(LiveVerification.PLANTED);
        assertThat(outcome.everConfirmed()).containsExactlyElementsOf(LiveVerification.PLANTED);
        assertThat(outcome.exitCode()).as(outcome + outcome.log()).isEqualTo(1);
        theSumHolds(outcome, 1);
    }

    private static LiveVerification.Outcome outcome(LiveVerification trial) throws Exception {
        LiveVerification.Outcome outcome = requireNonNull(OUTCOMES.get(trial)).get(PATIENCE_MINUTES, TimeUnit.MINUTES);
        System.out.println(outcome);
        assertThat(outcome.promptWriters())
                .as("the writers lag less than the plan's settle: " + outcome)
                .isTrue();
        return outcome;
    }

    private static void theSumHolds(LiveVerification.Outcome outcome, long unexpected) {
        String[] counts = outcome.counts().split("\\|", -1);
        assertThat(counts[0]).as(outcome.toString()).isEqualTo(counts[1]);
        assertThat(counts[2]).as(outcome.toString()).isEqualTo("0");
        assertThat(counts[3]).as(outcome.toString()).isEqualTo(String.valueOf(unexpected));
        assertThat(outcome.checks()).as(outcome.toString()).noneMatch(check -> check.startsWith("failed"));
        if (outcome.trial().guarded()) {
            assertThat(outcome.checks()).as(outcome.toString()).noneMatch(check -> check.startsWith("unknown"));
        }
    }
}
