package dev.backpop.legacy.file;

import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What is wrong with a file's records: counts them all, and keeps the first by line. */
final class FileProblems {
    private static final int SHOWN = 20;

    private final Path file;
    private final TreeMap<Long, String> first = new TreeMap<>();
    private long count;

    FileProblems(Path file) {
        this.file = file;
    }

    void add(long line, String message) {
        count++;
        first.put(line, message);
        if (first.size() > SHOWN) {
            first.pollLastEntry();
        }
    }

    /** @throws InvalidInputException when there was any problem */
    void throwIfAny() {
        if (count == 0) {
            return;
        }
        List<Problem> problems = new ArrayList<>();
        problems.add(new Problem(
                file.toString(),
                count + " record(s) cannot be accounted for, because they do not read or have no key of their own"
                        + (count > SHOWN ? "; the first " + SHOWN + ":" : ":")));
        first.forEach((line, message) -> problems.add(new Problem("line " + line, message)));
        throw new InvalidInputException(problems);
    }
}
