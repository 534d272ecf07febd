package dev.backpop.producer.cli;

import dev.backpop.command.ExitCode;
import dev.backpop.command.SettingsOptions;
import dev.backpop.producer.demo.Demo;
import dev.backpop.producer.demo.DemoRequest;
import dev.backpop.producer.demo.DemoSize;
import dev.backpop.settings.Environment;
import dev.backpop.settings.Settings;
import java.nio.file.Path;
import java.util.concurrent.Callable;
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
            "Starts a Redis and a PostgreSQL of its own where none are given, and takes them down again. In a given target"
                    + " it makes schemas legacy and discussions, and the ledger."
        })
final class DemoCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Option(
            names = "--rows",
            paramLabel = "N",
            description = "How many posts to move, with half as many comments again; 100000 by default.")
    private long rows = DemoSize.DEFAULT_POSTS;

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
                new DemoSize(rows),
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

    private boolean given(String option, String variable) {
        return spec.commandLine().getParseResult().hasMatchedOption(option)
                || surroundings.environment().apply(variable) != null;
    }
}
