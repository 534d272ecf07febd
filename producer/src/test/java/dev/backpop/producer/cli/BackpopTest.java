package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.command.CommandFrame;
import dev.backpop.legacy.LegacyUnavailableException;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.Problem;
import dev.backpop.problem.StoreUnreachableException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

class BackpopTest {
    static Stream<List<String>> commands() {
        List<List<String>> paths = new ArrayList<>();
        collect(Backpop.commandLine(CommandRun.surroundings(Map.of())), List.of(), paths);
        return paths.stream();
    }

    private static void collect(CommandLine commandLine, List<String> path, List<List<String>> paths) {
        paths.add(path);
        commandLine.getSubcommands().forEach((name, subcommand) -> {
            List<String> longer = new ArrayList<>(path);
            longer.add(name);
            collect(subcommand, longer, paths);
        });
    }

    @ParameterizedTest
    @MethodSource("commands")
    void help_of_every_command_exits_clean_and_explains_exit_codes(List<String> path) {
        for (String flag : List.of("-h", "--help")) {
            List<String> arguments = new ArrayList<>(path);
            arguments.add(flag);

            CommandRun run = CommandRun.of(arguments.toArray(String[]::new));

            assertThat(run.exitCode()).isZero();
            assertThat(run.err()).isEmpty();
            assertThat(run.out())
                    .startsWith("Usage: "
                            + String.join(
                                    " ",
                                    Stream.concat(Stream.of("backpop"), path.stream())
                                            .toList()))
                    .contains("Exit codes:", "done and clean", "interrupted", "-v, --verbose");
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void every_command_option_and_parameter_says_what_it_is_for(List<String> path) {
        CommandLine commandLine = Backpop.commandLine(CommandRun.surroundings(Map.of()));
        for (String name : path) {
            commandLine = Objects.requireNonNull(commandLine.getSubcommands().get(name));
        }

        assertThat(commandLine.getCommandSpec().usageMessage().description()).isNotEmpty();
        for (OptionSpec option : commandLine.getCommandSpec().options()) {
            assertThat(String.join("", option.description()))
                    .as(option.longestName())
                    .isNotBlank();
            assertThat(option.longestName()).startsWith("--");
        }
        for (PositionalParamSpec parameter : commandLine.getCommandSpec().positionalParameters()) {
            assertThat(String.join("", parameter.description()))
                    .as(parameter.paramLabel())
                    .isNotBlank();
        }
    }

    @Test
    void version_is_printed_by_itself() {
        CommandRun run = CommandRun.of("--version");

        assertThat(run).isEqualTo(new CommandRun(0, "backpop development" + System.lineSeparator(), ""));
    }

    @Test
    void without_a_command_the_help_goes_to_standard_error_and_it_is_wrong_usage() {
        CommandRun run = CommandRun.of();

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("Usage: backpop").contains("worker");
    }

    @Test
    void a_misspelt_command_is_answered_with_a_guess_and_not_with_the_whole_help() {
        CommandRun run = CommandRun.of("wroker");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("wroker", "Did you mean", "worker", "backpop -h");
        assertThat(run.err()).doesNotContain("Usage:");
    }

    @Test
    void a_misspelt_option_is_answered_with_a_guess_and_without_its_secret() {
        CommandRun run = CommandRun.of("--verbos=redis://me:hush@host");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--verbose").doesNotContain("hush");
    }

    @Test
    void invalid_input_prints_each_problem_on_a_line_and_exits_2() {
        CommandRun run = failing(new InvalidInputException(
                List.of(new Problem("plan.yaml:3", "no such entity"), new Problem("", "and another thing"))));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines()).containsExactly("plan.yaml:3: no such entity", "and another thing");
    }

    @Test
    void unreachable_stores_exit_3_without_secrets_or_stack_trace() {
        CommandRun target = failing(new StoreUnreachableException("no answer from postgresql://me:hush@db/shop"));
        CommandRun legacy = failing(new LegacyUnavailableException("legacy is down", new IOException("password=hush")));

        assertThat(target.exitCode()).isEqualTo(3);
        assertThat(legacy.exitCode()).isEqualTo(3);
        assertThat(target.err().strip()).isEqualTo("no answer from postgresql://***@db/shop");
        assertThat(legacy.err().strip()).isEqualTo("legacy is down");
    }

    @Test
    void an_unforeseen_exception_is_one_line_and_exits_1() {
        CommandRun run = failing(new IllegalStateException("line one\nline two at redis://:hush@host"));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err())
                .contains("IllegalStateException", "line one line two", "-v")
                .doesNotContain("hush");
    }

    @Test
    void verbose_shows_the_masked_stack_trace_wherever_it_stands() {
        Exception thrown = new LegacyUnavailableException("down", new IOException("at postgresql://me:hush@db/shop"));

        for (List<String> arguments : List.of(List.of("-v", "fail"), List.of("fail", "--verbose"))) {
            CommandRun run = failing(thrown, arguments);

            assertThat(run.exitCode()).isEqualTo(3);
            assertThat(run.err())
                    .contains("Caused by: java.io.IOException", "\tat ")
                    .doesNotContain("hush");
        }
    }

    @Test
    void an_interrupted_command_exits_130() {
        assertThat(failing(new InterruptedException()).exitCode()).isEqualTo(130);
    }

    private static CommandRun failing(Exception thrown) {
        return failing(thrown, List.of("fail"));
    }

    private static CommandRun failing(Exception thrown, List<String> arguments) {
        CommandLine root = new CommandLine(new Root()).addSubcommand(new Fail(thrown));
        return CommandRun.of(CommandFrame.around(root), arguments.toArray(String[]::new));
    }

    @Command(name = "backpop")
    private static final class Root {}

    @Command(name = "fail")
    private static final class Fail implements Callable<Integer> {
        private final Exception thrown;

        Fail(Exception thrown) {
            this.thrown = thrown;
        }

        @Override
        public Integer call() throws Exception {
            throw thrown;
        }
    }
}
