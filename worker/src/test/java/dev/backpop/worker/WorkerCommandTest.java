package dev.backpop.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.settings.Environment;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class WorkerCommandTest {
    private final List<WorkerOptions> started = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void defaults_are_two_lanes_port_8081_and_twenty_seconds() {
        assertThat(run(Map.of())).isZero();

        WorkerOptions options = started.get(0);
        assertThat(options.lanes()).isEqualTo(2);
        assertThat(options.healthPort()).isEqualTo(8081);
        assertThat(options.grace()).isEqualTo(Duration.ofSeconds(20));
        assertThat(options.withParent()).isFalse();
        assertThat(options.settings().redisUrl()).isEqualTo("redis://127.0.0.1:6379");
    }

    @Test
    void the_environment_is_heard_and_flags_are_louder() {
        Map<String, String> variables =
                Map.of("BACKPOP_LANES", "5", "BACKPOP_HEALTH_PORT", "9000", "BACKPOP_REDIS_PREFIX", "environment");

        run(variables);
        run(variables, "--lanes", "3", "--health-port", "0", "--redis-prefix", "flag", "--with-parent", "--grace=1");

        assertThat(started.get(0).lanes()).isEqualTo(5);
        assertThat(started.get(0).healthPort()).isEqualTo(9000);
        assertThat(started.get(0).settings().redisPrefix()).isEqualTo("environment");
        assertThat(started.get(1).lanes()).isEqualTo(3);
        assertThat(started.get(1).healthPort()).isZero();
        assertThat(started.get(1).settings().redisPrefix()).isEqualTo("flag");
        assertThat(started.get(1).withParent()).isTrue();
        assertThat(started.get(1).grace()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void every_setting_out_of_range_is_named_at_once() {
        assertThat(run(Map.of(), "--lanes", "0", "--health-port", "70000", "--grace", "-1"))
                .isEqualTo(2);

        assertThat(started).isEmpty();
        assertThat(err.toString()).contains("--lanes", "BACKPOP_LANES", "--health-port", "70000", "--grace");
    }

    @Test
    void a_variable_that_is_no_number_is_named() {
        assertThat(run(Map.of("BACKPOP_LANES", "many"))).isEqualTo(2);

        assertThat(err.toString()).contains("BACKPOP_LANES", "many");
    }

    @Test
    void help_and_misspelt_options_answer_as_the_producer_does() {
        assertThat(run(Map.of(), "-h")).isZero();
        assertThat(out.toString())
                .contains("Usage: backpop-worker", "--lanes", "Exit codes:")
                .doesNotContain("parent");
        assertThat(run(Map.of(), "--lane", "2")).isEqualTo(2);
        assertThat(err.toString()).contains("--lanes", "backpop-worker -h");
    }

    private int run(Map<String, String> variables, String... arguments) {
        CommandLine commandLine = WorkerCommand.commandLine(new Environment(variables::get), options -> {
            started.add(options);
            return 0;
        });
        return commandLine
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
