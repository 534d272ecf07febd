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

/**
 * Applications that do not hold to what the guards take for granted: no guard can help, and verification finds every row that
 * is wrong then, as SQL does, and a repair mends it.
 */
@Tag("chaos")
class BrokenPremisesTest {
    /** Writers that are slowed down by whatever else runs may come out in order by luck: then others try. */
    private static final int MOST_SEEDS = 6;

    private static LiveScene scene;
    private static Trials trials;

    @BeforeAll
    static void begin() throws Exception {
        assumeTrue(
                Files.isRegularFile(LiveScene.workerJar()), "skipped: there is no worker jar yet, mvn verify makes it");
        scene = LiveScene.open();
        trials = new Trials(
                scene,
                List.of(
                        trial(LivePath.ANY.newTableFirst(), 1),
                        trial(LivePath.ANY.newTableFirst(), 2),
                        trial(LivePath.ANY.losingOneOf(100), 1)));
    }

    @AfterAll
    static void end() {
        if (trials != null) {
            trials.close();
        }
    }

    private static Trial trial(LivePath path, long seed) {
        return new Trial("fence", false, path, seed);
    }

    @Test
    void what_an_application_gets_wrong_that_writes_the_new_table_first_is_found_and_mended() throws Exception {
        assertThat(foundAndMended(LivePath.ANY.newTableFirst())).isNotEmpty();
    }

    @Test
    void what_an_application_gets_wrong_that_loses_one_of_a_hundred_second_writes_is_found_and_mended()
            throws Exception {
        assertThat(foundAndMended(LivePath.ANY.losingOneOf(100))).isNotEmpty();
    }

    private static List<String> foundAndMended(LivePath broken) throws Exception {
        List<String> found = new ArrayList<>();
        for (long seed = 1; seed <= MOST_SEEDS && found.isEmpty(); seed++) {
            Trial.Outcome outcome = trials.of(trial(broken, seed));
            assertThat(outcome.exitCode()).as(outcome.log()).isZero();
            String verification = outcome.tables().newTable() + "_verify";

            LiveScene.Run run = scene.ended(
                    verification,
                    scene.backpop(verification, "verify", outcome.plan().toString(), "--name", verification));

            assertThat(run.exitCode()).as(run.said()).isEqualTo(outcome.wrong().isEmpty() ? 0 : 1);
            assertThat(outcome.tables()
                            .target()
                            .ask("SELECT kind || ' ' || (key ->> 0) FROM backpop.discrepancy WHERE campaign_id = '"
                                    + verification + "' AND state <> 'resolved' ORDER BY 1"))
                    .isEqualTo(outcome.wrong());
            found.addAll(outcome.wrong());
            if (!outcome.wrong().isEmpty()) {
                long unexpected = outcome.wrong().stream()
                        .filter(wrong -> wrong.startsWith("unexpected "))
                        .count();
                LiveScene.Run repair = scene.ended(
                        verification + "_repair",
                        scene.backpop(
                                verification + "_repair",
                                "repair",
                                verification,
                                "--apply",
                                "--delete-unexpected",
                                "--confirm-delete",
                                Long.toString(unexpected)));

                assertThat(repair.exitCode()).as(repair.said()).isZero();
                assertThat(scene.wrong(outcome.tables())).isEmpty();
            }
        }
        return found;
    }
}
