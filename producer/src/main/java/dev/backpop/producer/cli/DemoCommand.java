package dev.backpop.producer.cli;

import dev.backpop.command.ExitCode;
import dev.backpop.command.SettingsOptions;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.producer.demo.Demo;
import dev.backpop.producer.demo.DemoRequest;
import dev.backpop.producer.demo.DemoScenario;
import dev.backpop.producer.demo.DemoSize;
import dev.backpop.settings.Environment;
import dev.backpop.settings.Settings;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code backpop demo}. */
@Command(
        name = "demo",
        description = {
            "Shows Backpop at work: seeds an ugly legacy database, moves it to new tables with two worker processes, kills"
                    + " one of them half-way, verifies every row, and checks that exactly the expected came of it.",
            "With --legacy reddit the legacy store is a server that stands in for Reddit and fails, is busy, late and forgetful:"
                    + " its channels, posts and comments go into the tables of Open Discussions, and every row is held"
                    + " against what it was generated from.",
            "Starts a Redis and a PostgreSQL of its own where none are given, and takes them down again. In a given target"
                    + " it makes schemas legacy and discussions, or reddit_demo, and the ledger."
        })
final class DemoCommand implements Callable<Integer> {
    private static final String TABLES = "tables";
    private static final String REDDIT = "reddit";

    private final Surroundings surroundings;

    @Option(
            names = "--legacy",
            paramLabel = "tables|reddit",
            description =
                    "What to move: an old application's tables, which is the default, or what a Reddit server has.")
    private String legacy = TABLES;

    @Option(
            names = "--rows",
            paramLabel = "N",
            description =
                    "How many posts to move: 100000 by default, with half as many comments again; of a Reddit server"
                            + " 300, with about twelve comments each.")
    private @Nullable Long rows;

    @Option(
            names = "--keep",
            description = "Leave the demo's own servers and workers running until Ctrl-C, to look around.")
    private boolean keep;

    @Mixin
    private final SettingsOptions options = new SettingsOptions();

    @Spec
    private CommandSpec spec;

    private DemoCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    static CommandLine commandLine(Surroundings surroundings) {
        return new CommandLine(new DemoCommand(surroundings));
    }

    @Override
    public Integer call() throws InterruptedException {
        Environment environment = surroundings.environment();
        Settings settings = options.settings(environment);
        DemoRequest request = new DemoRequest(
                scenario(),
                settings,
                given("--redis-url", Settings.REDIS_URL),
                given("--redis-prefix", Settings.REDIS_PREFIX),
                settings.targetUrl() != null,
                keep,
                environment);
        Path jar = WorkerJar.find(environment);
        Terminal terminal = surroundings.terminal();
        CommandLine commandLine = spec.commandLine();
        ProgressLine progress = new ProgressLine(
                commandLine.getErr(), ProgressLine.Form.of(terminal, false), terminal.columns(), System::nanoTime);
        Demo demo = new Demo(
                request,
                arguments -> WorkerJar.command(jar, arguments),
                new DemoTerminal(Output.of(commandLine), progress),
                surroundings.clock(),
                System::nanoTime);
        return demo.run()
                .map(expected -> expected ? ExitCode.CLEAN : ExitCode.INCOMPLETE)
                .orElse(ExitCode.INTERRUPTED);
    }

    private DemoScenario scenario() {
        return switch (legacy) {
            case TABLES -> DemoScenario.tables(new DemoSize(rows == null ? DemoSize.DEFAULT_POSTS : rows));
            case REDDIT -> DemoScenario.reddit(rows == null ? DemoScenario.REDDIT_POSTS : rows);
            default ->
                throw new InvalidInputException(
                        "--legacy is '" + legacy + "'; the demo has '" + TABLES + "' and '" + REDDIT + "'");
        };
    }

    private boolean given(String option, String variable) {
        return spec.commandLine().getParseResult().hasMatchedOption(option)
                || surroundings.environment().apply(variable) != null;
    }
}
