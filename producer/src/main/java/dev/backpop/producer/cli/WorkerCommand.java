package dev.backpop.producer.cli;

import dev.backpop.command.CommandFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code backpop worker}. */
@Command(
        name = "worker",
        description = {
            "Starts a worker in this terminal; run as many as you like, anywhere.",
            "Arguments go to the worker as they are: --lanes N, --health-port P, --grace SECONDS, --redis-url URL,"
                    + " --redis-prefix PREFIX, --target-url URL. For its own help: backpop worker -- -h"
        })
final class WorkerCommand implements Callable<Integer> {
    /** Longer than a worker's own grace, which should have the last word. */
    private static final Duration GRACE = Duration.ofMinutes(2);

    private final Surroundings surroundings;

    @Parameters(arity = "0..*", paramLabel = "ARGUMENT", description = "For the worker.")
    private List<String> arguments = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    private WorkerCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** The command, taking options that it does not know for the worker's. */
    static CommandLine commandLine(Surroundings surroundings) {
        return new CommandLine(new WorkerCommand(surroundings)).setUnmatchedOptionsArePositionalParams(true);
    }

    @Override
    public Integer call() throws InterruptedException {
        List<String> passed = new ArrayList<>(arguments);
        if (CommandFrame.isVerbose(spec.root().commandLine().getParseResult())) {
            passed.add("-v");
        }
        return ChildProcess.run(WorkerJar.command(WorkerJar.find(surroundings.environment()), passed), GRACE);
    }
}
