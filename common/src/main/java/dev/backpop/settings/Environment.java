package dev.backpop.settings;

import static java.util.Objects.requireNonNull;

import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Environment variables, each of which may also be given as a file: {@code NAME_FILE} holds the path of a file whose content,
 * less one trailing newline, is the value of {@code NAME}. Thread-safe if the underlying lookup is.
 *
 * <p>A plan's <code>${NAME}</code> is looked up here too, so that any secret can come from a file.
 */
public final class Environment implements Function<String, @Nullable String> {
    private final Function<String, @Nullable String> variables;

    /** @param variables the raw lookup, such as {@code System::getenv}; null or an empty text means not set */
    public Environment(Function<String, @Nullable String> variables) {
        this.variables = requireNonNull(variables, "variables is null");
    }

    /** The environment of this process. */
    public static Environment ofProcess() {
        return new Environment(System::getenv);
    }

    /**
     * The value of a variable; null when neither it nor its file is set.
     *
     * @throws InvalidInputException when both are set, or the file cannot be read
     */
    @Override
    public @Nullable String apply(String name) {
        String value = variables.apply(name);
        String file = variables.apply(name + "_FILE");
        boolean hasValue = value != null && !value.isEmpty();
        if (file == null || file.isEmpty()) {
            return hasValue ? value : null;
        }
        if (hasValue) {
            throw invalid(name, "is set, and so is " + name + "_FILE: unset one of them");
        }
        return content(name + "_FILE", file);
    }

    /** The variable itself, whatever its file says; null when it is not set. */
    public @Nullable String raw(String name) {
        return variables.apply(name);
    }

    /**
     * The value of a variable as a whole number; {@code otherwise} when it is not set.
     *
     * @throws InvalidInputException when it is not a whole number
     */
    public int number(String name, int otherwise) {
        String value = apply(name);
        if (value == null) {
            return otherwise;
        }
        try {
            return Integer.parseInt(value.strip());
        } catch (NumberFormatException e) {
            throw invalid(name, "\"" + value + "\" is not a whole number");
        }
    }

    private static String content(String variable, String file) {
        try {
            String content = Files.readString(Path.of(file));
            if (content.endsWith("\n")) {
                content = content.substring(0, content.length() - (content.endsWith("\r\n") ? 2 : 1));
            }
            if (content.isEmpty()) {
                throw invalid(variable, file + " is empty");
            }
            return content;
        } catch (IOException | InvalidPathException e) {
            throw invalid(
                    variable,
                    "cannot read " + file + " (" + e.getClass().getSimpleName()
                            + "): it must be a file of UTF-8 text that this process may read");
        }
    }

    private static InvalidInputException invalid(String variable, String message) {
        return new InvalidInputException(List.of(new Problem(variable, message)));
    }
}
