package dev.backpop.producer.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every guard beside an application that writes all the time, from before the campaign begins until after it has ended: by
 * SQL, the new table then is what the old one is. With {@code -Dbackpop.seeds=N}, N times as many trials.
 */
@Tag("chaos")
class LiveWritersTest {
    private static final List<Trial> GUARDED = guarded();
    private static final List<Trial> UNGUARDED =
            List.of(new Trial("overwrite", true, LivePath.ANY, 1), new Trial("overwrite", false, LivePath.ANY, 1));

    private static Trials trials;

    @BeforeAll
    static void begin() throws Exception {
        assumeTrue(
                Files.isRegularFile(LiveScene.workerJar()), "skipped: there is no worker jar yet, mvn verify makes it");
        List<Trial> all = new ArrayList<>(UNGUARDED);
        all.addAll(GUARDED);
        trials = new Trials(LiveScene.open(), all);
    }

    @AfterAll
    static void end() {
        if (trials != null) {
            trials.close();
        }
    }

    static List<Trial> guarded() {
        List<Trial> trials = new ArrayList<>();
        LivePath byVersion = LivePath.ANY.byVersion();
        LivePath upserting = LivePath.ANY.upserting();
        long seeds = Long.getLong("backpop.seeds", 1);
        for (boolean oneDatabase : List.of(true, false)) {
            for (long seed = 1; seed <= seeds; seed++) {
                trials.add(new Trial("fence", oneDatabase, LivePath.ANY, seed));
                trials.add(new Trial(Trial.BY_VERSION, oneDatabase, byVersion, seed));
                trials.add(new Trial("insert-only", oneDatabase, upserting, seed));
            }
        }
        for (long seed = 1; seed <= seeds; seed++) {
            trials.add(new Trial("fence", true, LivePath.ANY.truncating(), seed));
            trials.add(new Trial(Trial.BY_VERSION, false, byVersion.truncating(), seed));
            trials.add(new Trial("fence", true, LivePath.ANY.repeatableRead(), seed));
            trials.add(new Trial(Trial.BY_VERSION, true, byVersion.repeatableRead(), seed));
            trials.add(new Trial("insert-only", true, upserting.repeatableRead(), seed));
        }
        return trials;
    }

    @ParameterizedTest
    @MethodSource("guarded")
    void nothing_is_missing_or_stale_and_nothing_comes_back(Trial trial) throws Exception {
        Trial.Outcome outcome = trials.of(trial);

        assertThat(outcome.exitCode()).as(outcome.log()).isZero();
        assertThat(outcome.wrong()).as(outcome.toString()).isEmpty();
        theWritersDidTheirWorst(outcome);
    }

    @Test
    void under_the_same_writers_a_backfill_without_guard_leaves_wrong_rows() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (Trial trial : UNGUARDED) {
            Trial.Outcome outcome = trials.of(trial);
            assertThat(outcome.exitCode()).as(outcome.log()).isZero();
            theWritersDidTheirWorst(outcome);
            wrong.addAll(outcome.wrongThoughSeen());
        }
        assertThat(wrong).anyMatch(row -> row.startsWith("mismatched")).anyMatch(row -> row.startsWith("unexpected"));
    }

    private static void theWritersDidTheirWorst(Trial.Outcome outcome) {
        assertThat(outcome.legacy()).isEqualTo(outcome.written());
        for (Change.Form form : outcome.trial().path().forms()) {
            assertThat(outcome.counts().of(form.name())).as(outcome.toString()).isPositive();
        }
        assertThat(outcome.counts().of("long")).isPositive();
        assertThat(outcome.counts().of("rolled back")).isPositive();
        assertThat(outcome.counts().of("savepoints rolled back")).isPositive();
        if (outcome.trial().path().truncates()) {
            assertThat(outcome.counts().of("truncated")).isPositive();
        } else if (outcome.trial().path().forms().contains(Change.Form.DELETE)) {
            assertThat(outcome.counts().unmet()).hasSizeGreaterThan(10);
        }
    }
}
