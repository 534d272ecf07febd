package dev.backpop.producer.cli;

import dev.backpop.command.CommandFrame;
import dev.backpop.command.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code backpop}. */
@Command(
        name = "backpop",
        description =
                "Moves a living system's data from a legacy store to new PostgreSQL tables, and proves what arrived.")
public final class Backpop implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    private Backpop() {}

    public static void main(String[] arguments) {
        CommandLine commandLine = commandLine(Surroundings.ofProcess());
        System.exit(CommandFrame.onProcessStreams(commandLine).execute(arguments));
    }

    /** The whole tree of commands, in the order in which the help lists them. */
    static CommandLine commandLine(Surroundings surroundings) {
        CommandLine root = new CommandLine(new Backpop());
        root.addSubcommand(DemoCommand.commandLine(surroundings));
        root.addSubcommand(PlanCommand.commandLine(surroundings));
        root.addSubcommand(GuardsCommand.commandLine(surroundings));
        root.addSubcommand(new SequencesCommand(surroundings).commandLine());
        root.addSubcommand(new BackfillCommand(surroundings));
        root.addSubcommand(new VerifyCommand(surroundings));
        root.addSubcommand(new RepairCommand(surroundings));
        root.addSubcommand(new CampaignsCommand(surroundings).commandLine());
        root.addSubcommand(new StatusCommand(surroundings).commandLine());
        root.addSubcommand(new WatchCommand(surroundings).commandLine());
        root.addSubcommand(new PauseCommand(surroundings).commandLine());
        root.addSubcommand(new ResumeCommand(surroundings));
        root.addSubcommand(new SetCommand(surroundings).commandLine());
        root.addSubcommand(new CancelCommand(surroundings).commandLine());
        root.addSubcommand(new RetryCommand(surroundings).commandLine());
        root.addSubcommand(new RejectsCommand(surroundings).commandLine());
        root.addSubcommand(new DiscrepanciesCommand(surroundings).commandLine());
        root.addSubcommand(new ReportCommand(surroundings).commandLine());
        root.addSubcommand(new SignOffCommand(surroundings).commandLine());
        root.addSubcommand(new WorkersCommand(surroundings).commandLine());
        root.addSubcommand(new RebuildCommand(surroundings).commandLine());
        root.addSubcommand(new StandInCommand());
        root.addSubcommand(WorkerCommand.commandLine(surroundings));
        return CommandFrame.around(root);
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.INVALID;
    }
}
