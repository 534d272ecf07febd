package dev.backpop.plan;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Replaces each variable reference, a name between a dollar sign with an opening brace and a closing brace, by what the
 * environment says; a second dollar sign before it makes it literal. When VAR is unset and VAR_FILE names a file, the
 * file's text is the value, without one line end at its end.
 */
final class Variables {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\$\\{|\\$\\{([A-Za-z_][A-Za-z0-9_]*)}|\\$\\{");
    private static final int MAX_FILE_BYTES = 1 << 20;

    private final Function<String, @Nullable String> environment;

    Variables(Function<String, @Nullable String> environment) {
        this.environment = environment;
    }

    /** Whether some part of the text comes from the environment. */
    static boolean refersToVariable(String text) {
        return REFERENCE.matcher(text).results().anyMatch(match -> match.group(1) != null);
    }

    /**
     * The text with its variables replaced; values are not expanded again.
     *
     * @param problem told once for each reference that has no value
     * @return null when there was a problem
     */
    @Nullable
    String expand(String text, Consumer<String> problem) {
        StringBuilder expanded = new StringBuilder();
        boolean complete = true;
        Matcher matcher = REFERENCE.matcher(text);
        int end = 0;
        while (matcher.find()) {
            expanded.append(text.substring(end, matcher.start()));
            end = matcher.end();
            String name = matcher.group(1);
            if (name != null) {
                String value = value(name, problem);
                complete &= value != null;
                expanded.append(value);
            } else if (matcher.group().equals("$${")) {
                expanded.append("${");
            } else {
                problem.accept("'${' begins a variable and needs a name of letters, digits and _, and a '}': "
                        + "write ${NAME}, or $${ for a literal ${");
                complete = false;
            }
        }
        return complete ? expanded.append(text.substring(end)).toString() : null;
    }

    private @Nullable String value(String name, Consumer<String> problem) {
        String value = environment.apply(name);
        if (value != null) {
            return value;
        }
        String fileVariable = name + "_FILE";
        String file = environment.apply(fileVariable);
        if (file == null) {
            problem.accept("the environment variable " + name + " is not set: set " + name + " to the value, or "
                    + fileVariable + " to a file that holds it");
            return null;
        }
        try {
            return withoutLineEnd(read(Path.of(file)));
        } catch (CharacterCodingException e) {
            problem.accept("the file named by " + fileVariable + " is not UTF-8 text");
        } catch (IOException | InvalidPathException e) {
            problem.accept(name + " is not set, and the file named by " + fileVariable
                    + " cannot be read: check that it exists, is a file of at most 1 MB and may be read");
        }
        return null;
    }

    private static String read(Path file) throws IOException {
        try (InputStream input = Files.newInputStream(file)) {
            byte[] bytes = input.readNBytes(MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES) {
                throw new IOException("too large");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        }
    }

    private static String withoutLineEnd(String text) {
        if (text.endsWith("\r\n")) {
            return text.substring(0, text.length() - 2);
        }
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }
}
