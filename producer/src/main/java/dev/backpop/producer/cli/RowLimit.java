package dev.backpop.producer.cli;

import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How many rows of a long list are wanted. */
final class RowLimit {
    private static final int FOR_PEOPLE = 20;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "At most so many rows; 20 by default, and all for programs (--json, --keys).")
    private @Nullable Integer limit;

    @Option(names = "--all", description = "All rows.")
    private boolean all;

    /** @throws InvalidInputException when both were given, or less than one */
    int rows(boolean forPrograms) {
        Integer given = limit;
        if (given == null) {
            return all || forPrograms ? Integer.MAX_VALUE : FOR_PEOPLE;
        }
        if (all) {
            throw new InvalidInputException("--all and --limit exclude each other: give one of them");
        }
        return check(given);
    }

    static int check(int limit) {
        if (limit < 1) {
            throw new InvalidInputException(List.of(new Problem("--limit", limit + " is less than 1")));
        }
        return limit;
    }
}
