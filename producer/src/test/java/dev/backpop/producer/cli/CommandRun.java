package dev.backpop.producer.cli;

import dev.backpop.settings.Environment;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.util.Map;
import picocli.CommandLine;

/** One run of {@code backpop} inside the test, with what it wrote. */
record CommandRun(int exitCode, String out, String err) {
    static CommandRun of(String... arguments) {
        return of(Map.of(), arguments);
    }

    static CommandRun of(Map<String, String> variables, String... arguments) {
        return of(Backpop.commandLine(surroundings(variables)), arguments);
    }

    static CommandRun of(CommandLine commandLine, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return new CommandRun(commandLine.execute(arguments), out.toString(), err.toString());
    }

    static Surroundings surroundings(Map<String, String> variables) {
        return new Surroundings(new Environment(variables::get), Clock.systemUTC(), Terminal.NONE);
    }
}
