package dev.backpop.problem;

import java.util.List;
import java.util.stream.Collectors;

/** Wrong usage, a wrong plan or a wrong setting: every problem at once. Ends a command with exit code 2. */
public final class InvalidInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public InvalidInputException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        if (problems.isEmpty()) {
            throw new IllegalArgumentException("an invalid input needs at least one problem");
        }
        this.problems = List.copyOf(problems);
    }

    public InvalidInputException(String message) {
        this(List.of(new Problem("", message)));
    }

    /** Never empty. */
    public List<Problem> problems() {
        return problems;
    }
}
