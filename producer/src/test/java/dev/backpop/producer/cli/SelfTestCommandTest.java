package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.backpop.campaign.Discrepancy;
import dev.backpop.producer.selftest.Finding;
import dev.backpop.producer.selftest.Tried;
import dev.backpop.producer.selftest.Verdict;
import dev.backpop.producer.selftest.Verdict.Result;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SelfTestCommandTest {
    private final StringWriter notes = new StringWriter();

    @Test
    void without_a_plan_every_planted_fault_is_found_and_named_on_servers_of_its_own() {
        // An address that leads nowhere: whatever others have set is not to be touched.
        Map<String, String> variables = Map.of(
                "BACKPOP_WORKER_JAR",
                workerJar().toString(),
                "BACKPOP_TARGET_URL",
                "postgresql://nobody@127.0.0.1:1/nowhere",
                "BACKPOP_REDIS_URL",
                "redis://127.0.0.1:1");

        CommandRun run = CommandRun.of(variables, "verify", "--self-test", "--json");

        assertThat(run.err())
                .contains(
                        "planted faults were found and named by digests, bytes, rows, each by those that compare its columns, and nothing else was reported");
        List<JsonNode> faults =
                run.out().lines().map(JsonMapper.shared()::readTree).toList();
        assertThat(faults)
                .hasSizeGreaterThan(3 * 50)
                .allMatch(fault -> fault.get("verdict").asString().equals("found")
                        || (fault.get("method").asString().equals("digests")
                                && fault.get("fault").asString().equals("another word")));
        for (String method : List.of("digests", "bytes", "rows")) {
            assertThat(faults.stream()
                            .filter(fault -> fault.get("method").asString().equals(method))
                            .map(fault -> fault.get("fault").asString()))
                    .as(method)
                    .contains(
                            "dropped row",
                            "extra row",
                            "swapped columns",
                            "truncated text",
                            "shifted time zone",
                            "lost NULL",
                            "case",
                            "NFC",
                            "HTML escaping",
                            "off-by-one key",
                            "duplicated reply");
        }
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void without_a_worker_jar_nothing_is_started() {
        CommandRun run = CommandRun.of(Map.of("BACKPOP_WORKER_JAR", "/no/such.jar"), "verify", "--self-test");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("BACKPOP_WORKER_JAR").doesNotContain("starting");
    }

    @Test
    void what_a_self_test_cannot_heed_is_refused_before_anything_is_started() {
        for (String[] options : new String[][] {
            {"--sample", "10"},
            {"--seed", "1"},
            {"--ids", "-"},
            {"--dry-run"},
            {"--detach"},
            {"--entity", "reply"},
            {"--local-workers", "2"},
            {"--method", "bits"}
        }) {
            String[] all = new String[options.length + 2];
            all[0] = "verify";
            all[1] = "--self-test";
            System.arraycopy(options, 0, all, 2, options.length);

            CommandRun run = CommandRun.of(Map.of("BACKPOP_WORKER_JAR", "/no/such.jar"), all);

            assertThat(run.exitCode()).as(options[0]).isEqualTo(2);
            assertThat(run.err()).contains(options[0]).doesNotContain("BACKPOP_WORKER_JAR", "starting");
        }
    }

    @Test
    void a_verification_without_a_plan_is_still_refused() {
        assertThat(CommandRun.of("verify").exitCode()).isEqualTo(2);
    }

    @Test
    void whatever_was_not_found_or_misnamed_or_made_up_fails_the_test_by_its_name() {
        Verdict found = verdict("case", Result.FOUND);

        assertThat(exitCode(found, verdict("NFC", Result.NOT_APPLICABLE))).isZero();
        assertThat(exitCode(found, verdict("dropped row", Result.NOT_FOUND))).isEqualTo(1);
        assertThat(notes.toString()).contains("NOT FOUND dropped row by bytes");
        assertThat(exitCode(found, verdict("HTML escaping", Result.MISNAMED))).isEqualTo(1);
        assertThat(notes.toString()).contains("MISNAMED HTML escaping");
        assertThat(exitCode(found, verdict("none", Result.FALSE_ALARM))).isEqualTo(1);
        assertThat(notes.toString()).contains("FALSE ALARM at [[70]] by bytes");
        assertThat(exitCode(verdict("NFC", Result.NOT_APPLICABLE))).isEqualTo(1);
        assertThat(notes.toString()).contains("no fault could be planted");
    }

    private int exitCode(Verdict... verdicts) {
        return SelfTestRun.conclude(
                List.of(
                        new Tried("digests", List.of(verdict("case", Result.FOUND))),
                        new Tried("bytes", List.of(verdicts))),
                new Output(new PrintWriter(notes, true), new PrintWriter(notes, true)));
    }

    private static Verdict verdict(String fault, Result result) {
        Finding finding = new Finding("[70]", Discrepancy.Kind.MISSING, List.of(), null);
        return new Verdict(fault, List.of("[70]"), List.of(finding), result, null);
    }

    /** The build makes it before it comes to this module, but only from phase package on. */
    private static Path workerJar() {
        Path jar = Path.of(System.getProperty("backpop.root", ".."), "worker", "target", "backpop-worker.jar");
        assumeTrue(Files.isRegularFile(jar), "skipped: there is no " + jar + " yet, mvn verify makes it");
        return jar.toAbsolutePath();
    }
}
