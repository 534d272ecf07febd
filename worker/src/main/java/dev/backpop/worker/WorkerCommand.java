package dev.backpop.worker;

import dev.backpop.command.CommandFrame;
import dev.backpop.command.SettingsOptions;
import dev.backpop.settings.Environment;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code backpop-worker}: understands its arguments and hands them to a {@link Runner}. */
@Command(
        name = "backpop-worker",
        description = "Leases chunks of campaigns from Redis and runs them, until it is told to stop.")
public final class WorkerCommand implements Callable<Integer> {
    private final Environment environment;
    private final Runner runner;

    @Option(
            names = "--lanes",
            paramLabel = "N",
            description = "How many chunks to run at a time; 2 by default (environment: BACKPOP_LANES).")
    private @Nullable Integer lanes;

    @Option(
            names = "--health-port",
            paramLabel = "PORT",
            description = "Where to answer /health/live, /health/ready and /metrics; 8081 by default, 0 for a free port"
                    + " (environment: BACKPOP_HEALTH_PORT).")
    private @Nullable Integer healthPort;

    @Option(
            names = "--grace",
            paramLabel = "SECONDS",
            description = "How long to finish running chunks after SIGTERM; 20 by default.")
    private long graceSeconds = WorkerOptions.DEFAULT_GRACE.toSeconds();

    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Option(
            names = "--with-parent",
            hidden = true,
            description = "Stop when standard input ends, so that a child never outlives its parent.")
    private boolean withParent;

    private WorkerCommand(Environment environment, Runner runner) {
        this.environment = environment;
        this.runner = runner;
    }

    public static void main(String[] arguments) {
        Runner process = new WorkerProcess(Environment.ofProcess(), Runtime.getRuntime()::halt);
        CommandLine commandLine = commandLine(Environment.ofProcess(), process);
        System.exit(CommandFrame.onProcessStreams(commandLine).execute(arguments));
    }

    static CommandLine commandLine(Environment environment, Runner runner) {
        return CommandFrame.around(new CommandLine(new WorkerCommand(environment, runner)));
    }

    @Override
    public Integer call() throws InterruptedException {
        return runner.run(new WorkerOptions(
                lanes == null ? environment.number("BACKPOP_LANES", WorkerOptions.DEFAULT_LANES) : lanes,
                healthPort == null
                        ? environment.number("BACKPOP_HEALTH_PORT", WorkerOptions.DEFAULT_HEALTH_PORT)
                        : healthPort,
                Duration.ofSeconds(graceSeconds),
                withParent,
                settings.settings(environment)));
    }
}
