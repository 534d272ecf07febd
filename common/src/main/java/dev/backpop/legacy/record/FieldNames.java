package dev.backpop.legacy.record;

import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Checks the field names that a plan uses on records, and gathers what is wrong with them. For one thread. */
public final class FieldNames {
    private static final Pattern PLAIN = Pattern.compile("[\\p{L}_$@][\\p{L}\\p{N}_$@-]*(\\.[\\p{L}\\p{N}_$@-]+)*");

    private final String entity;
    private final Known known;
    private final List<String> header;
    private final List<Problem> problems = new ArrayList<>();

    /** What is known of a record's fields beforehand. */
    private enum Known {
        NOTHING,
        ALL,
        MOST
    }

    private FieldNames(String entity, Known known, List<String> header) {
        this.entity = entity;
        this.known = known;
        this.header = List.copyOf(header);
    }

    /** Of records that may hold any field or not. */
    public static FieldNames any(String entity) {
        return new FieldNames(entity, Known.NOTHING, List.of());
    }

    /** Of records that have these fields and no others: the columns of a CSV file. */
    public static FieldNames columns(String entity, List<String> header) {
        return new FieldNames(entity, Known.ALL, header);
    }

    /** Of records that have these fields, and may hold others, which a plan then writes in double quotes. */
    public static FieldNames fields(String entity, List<String> fields) {
        return new FieldNames(entity, Known.MOST, fields);
    }

    /** The field that a plan's text names: itself, or what stands in double quotes. */
    public String check(String text) {
        String name = text.strip();
        if (known == Known.ALL && header.contains(name)) {
            return name;
        }
        boolean quoted = name.length() > 2 && name.startsWith("\"") && name.indexOf('"', 1) == name.length() - 1;
        if (quoted) {
            name = name.substring(1, name.length() - 1);
        } else if (!PLAIN.matcher(name).matches()) {
            add("'" + text + "' is not a field's name, and "
                    + (known == Known.MOST ? "this legacy store has" : "files have")
                    + " no expressions: name one field (in double quotes "
                    + "when it is no plain word)");
            return name;
        }
        if (known == Known.ALL && !header.contains(name)) {
            add("there is no column '" + name + "' in the header; " + nearest(name));
        }
        if (known == Known.MOST && !quoted && !header.contains(name)) {
            add("there is no field '" + name + "'; " + nearest(name)
                    + " (a field of the server's that is not among them goes in double quotes)");
        }
        return name;
    }

    public void add(String message) {
        Problem problem = new Problem("entity " + entity, message);
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    /** @throws InvalidInputException when there was any problem */
    public void throwProblems() {
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
    }

    private String nearest(String name) {
        String best = header.stream()
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
                .orElse("");
        return distance(name, best) <= Math.max(2, name.length() / 3)
                ? "did you mean '" + best + "'?"
                : "it has: " + String.join(", ", header);
    }

    /** How many characters must be added, removed or replaced, letter case aside. */
    private static int distance(String one, String other) {
        String left = one.toLowerCase(Locale.ROOT);
        String right = other.toLowerCase(Locale.ROOT);
        int[] previous = new int[right.length() + 1];
        for (int j = 0; j < previous.length; j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int[] current = new int[right.length() + 1];
            current[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int replaced = previous[j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[right.length()];
    }
}
