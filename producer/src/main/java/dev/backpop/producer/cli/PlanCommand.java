package dev.backpop.producer.cli;

import dev.backpop.command.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code backpop plan}: what is done with plan files alone. */
@Command(name = "plan", description = "Works with plan files.")
final class PlanCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    private PlanCommand() {}

    static CommandLine commandLine(Surroundings surroundings) {
        return new CommandLine(new PlanCommand()).addSubcommand(PlanCheckCommand.commandLine(surroundings));
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.INVALID;
    }
}
