package dev.backpop.command;

import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.Problem;
import dev.backpop.problem.Secrets;
import java.io.PrintWriter;
import java.io.StringWriter;

/** Says why a command failed: in words, without secrets, with a stack trace only when asked for. */
final class Failure {
    private Failure() {}

    /** Returns the exit code. */
    static int report(Throwable thrown, PrintWriter err, boolean verbose) {
        int exitCode = ExitCode.of(thrown);
        if (thrown instanceof InvalidInputException invalid) {
            for (Problem problem : invalid.problems()) {
                err.println(Secrets.mask(problem.toString()));
            }
        } else if (thrown instanceof InterruptedException) {
            err.println("interrupted");
        } else if (exitCode == ExitCode.UNREACHABLE || exitCode == ExitCode.INVALID) {
            err.println(Secrets.mask(thrown.getMessage()));
        } else {
            err.println(unexpected(thrown, verbose));
        }
        if (verbose) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            err.print(Secrets.mask(trace.toString()));
        }
        err.flush();
        return exitCode;
    }

    private static String unexpected(Throwable thrown, boolean verbose) {
        String message = Secrets.mask(thrown.toString()).replaceAll("\\R", " ");
        return "unexpected error: " + message + "; this is a bug in Backpop"
                + (verbose ? "" : ": run again with -v for its stack trace");
    }
}
