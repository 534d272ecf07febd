package dev.backpop.plan;

import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The problems found in one plan file, to be told all at once and in file order. Not thread-safe. */
final class ProblemList {
    private final String file;
    private final List<Found> found = new ArrayList<>();

    private record Found(int index, Problem problem) {}

    /** @param file the file's name, the first word of every place */
    ProblemList(String file) {
        this.file = file;
    }

    /** @param path the names down to the value, joined by dots; empty for the file as a whole */
    void add(Position position, String path, String message) {
        String place = file + ":" + position.line() + (path.isEmpty() ? "" : " " + path);
        found.add(new Found(position.index(), new Problem(place, message)));
    }

    /** @throws InvalidInputException when there is any problem */
    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new InvalidInputException(found.stream()
                    .sorted(Comparator.comparingInt(Found::index))
                    .map(Found::problem)
                    .toList());
        }
    }
}
