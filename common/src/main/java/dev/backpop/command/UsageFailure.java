package dev.backpop.command;

import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.Secrets;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with a command line, what was perhaps meant, and where the help is. */
final class UsageFailure implements IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException thrown, String[] arguments) {
        CommandLine commandLine = thrown.getCommandLine();
        PrintWriter err = commandLine.getErr();
        if (thrown.getCause() instanceof InvalidInputException invalid) {
            return Failure.report(invalid, err, false);
        }
        err.println(Secrets.mask(thrown.getMessage()));
        if (thrown instanceof UnmatchedArgumentException unmatched) {
            List<String> suggestions = unmatched.getSuggestions();
            if (!suggestions.isEmpty()) {
                err.println("Did you mean: " + String.join(" or ", suggestions) + "?");
            }
        }
        err.println("See: " + commandLine.getCommandSpec().qualifiedName() + " -h");
        err.flush();
        return ExitCode.INVALID;
    }
}
