package dev.backpop.producer.cli;

import dev.backpop.command.SettingsOptions;
import dev.backpop.producer.driver.Session;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that works with a ledger that is there, and creates none. */
abstract class SessionCommand implements Callable<Integer> {
    final Surroundings surroundings;

    private final SettingsOptions settings = new SettingsOptions();

    @Spec
    CommandSpec spec;

    SessionCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** The command, with the settings after its own options: the help shows first what people look for. */
    final CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(this);
        commandLine.getCommandSpec().addMixin("settings", CommandSpec.forAnnotatedObject(settings));
        return commandLine;
    }

    /** Returns the exit code. */
    abstract int run(Session session, Output output) throws InterruptedException;

    @Override
    public final Integer call() throws InterruptedException {
        try (Session session = Session.openExisting(
                settings.settings(surroundings.environment()), surroundings.environment(), surroundings.clock())) {
            return run(session, Output.of(spec.commandLine()));
        }
    }
}
