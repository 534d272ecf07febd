package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.backpop.testing.Servers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoCommandTest {
    @Test
    void in_given_stores_it_ends_exactly_as_expected() {
        Map<String, String> variables = new HashMap<>();
        variables.put("BACKPOP_WORKER_JAR", workerJar().toString());
        variables.put("BACKPOP_REDIS_URL", Servers.redis().url());
        variables.put("BACKPOP_REDIS_PREFIX", Servers.newPrefix());
        variables.put("BACKPOP_TARGET_URL", Servers.newDatabase());

        CommandRun run = CommandRun.of(variables, "demo", "--rows", "1000");

        assertThat(run.out())
                .doesNotContain("UNEXPECTED:")
                .contains("with SIGKILL while it held chunk", "was taken over by worker", "exactly as expected")
                .contains("The barn is red", "The barm is red");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void what_a_misbehaving_reddit_server_has_arrives_row_by_row() {
        Map<String, String> variables = new HashMap<>();
        variables.put("BACKPOP_WORKER_JAR", workerJar().toString());
        variables.put("BACKPOP_REDIS_URL", Servers.redis().url());
        variables.put("BACKPOP_REDIS_PREFIX", Servers.newPrefix());
        variables.put("BACKPOP_TARGET_URL", Servers.newDatabase());

        CommandRun run = CommandRun.of(variables, "demo", "--legacy", "reddit", "--rows", "300");

        assertThat(run.out())
                .doesNotContain("UNEXPECTED:")
                .contains("with SIGKILL while it held chunk", "was taken over by worker", "exactly as expected")
                .contains("advertisement", "forbidden", " with 503", " with 429");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void another_legacy_store_or_size_than_there_is_is_wrong_usage() {
        assertThat(CommandRun.of("demo", "--legacy", "mail").err()).contains("--legacy is 'mail'");
        assertThat(CommandRun.of("demo", "--legacy", "reddit", "--rows", "99").err())
                .contains("--rows is 99");
        assertThat(CommandRun.of("demo", "--legacy", "reddit", "--rows", "99").exitCode())
                .isEqualTo(2);
    }

    @Test
    void a_given_store_that_cannot_be_reached_is_said_and_not_taken_for_an_interruption() {
        Map<String, String> variables = new HashMap<>();
        variables.put("BACKPOP_WORKER_JAR", workerJar().toString());
        variables.put("BACKPOP_REDIS_URL", "redis://127.0.0.1:1");
        variables.put("BACKPOP_TARGET_URL", Servers.newDatabase());

        CommandRun run = CommandRun.of(variables, "demo", "--rows", "1000");

        assertThat(run.err()).contains("127.0.0.1:1");
        assertThat(run.exitCode()).isEqualTo(3);
    }

    @Test
    void too_few_rows_are_wrong_usage_before_anything_is_started() {
        CommandRun run = CommandRun.of("demo", "--rows", "10");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--rows is 10");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void without_a_worker_jar_nothing_is_started() {
        CommandRun run = CommandRun.of(Map.of("BACKPOP_WORKER_JAR", "/no/such.jar"), "demo");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("BACKPOP_WORKER_JAR");
        assertThat(run.out()).isEmpty();
    }

    /** The build makes it before it comes to this module, but only from phase package on. */
    private static Path workerJar() {
        Path jar = Path.of(System.getProperty("backpop.root", ".."), "worker", "target", "backpop-worker.jar");
        assumeTrue(Files.isRegularFile(jar), "skipped: there is no " + jar + " yet, mvn verify makes it");
        return jar.toAbsolutePath();
    }
}
