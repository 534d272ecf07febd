package dev.backpop.plan;

import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Gets from a file to its text, and from the text to YAML nodes. */
final class PlanText {
    static final int MAX_BYTES = 4 << 20;
    private static final int MAX_DEPTH = 50;
    private static final String EMPTY = "is empty: a plan begins with plan: NAME";

    private PlanText() {}

    /** @throws InvalidInputException when there is no such file, or it cannot be a plan */
    static String read(Path file) {
        byte[] bytes;
        if (Files.isDirectory(file)) {
            throw refused(file.toString(), "is a directory: give the path of a plan file");
        }
        try (InputStream input = Files.newInputStream(file)) {
            bytes = input.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw refused(file.toString(), "no such file: give the path of a plan file");
        } catch (IOException e) {
            throw refused(file.toString(), "cannot be read: check that it is a file and that you may read it");
        }
        if (bytes.length > MAX_BYTES) {
            throw tooLarge(file.toString());
        }
        String text = decode(file, bytes);
        if (text.isBlank()) {
            throw refused(file.toString(), EMPTY);
        }
        return text;
    }

    /** @throws InvalidInputException when the text is no YAML document */
    static Node parse(String text, String name) {
        if (text.length() > MAX_BYTES) {
            throw tooLarge(name);
        }
        String yaml = text.startsWith("\uFEFF") ? text.substring(1) : text;
        LoadSettings settings = LoadSettings.builder()
                .setLabel(name)
                .setCodePointLimit(MAX_BYTES + 1)
                .setAllowNonScalarKeys(true)
                .build();
        try {
            checkDepth(new Parse(settings).parseString(yaml), name);
            return new Compose(settings).composeString(yaml).orElseThrow(() -> refused(name, EMPTY));
        } catch (MarkedYamlEngineException e) {
            int line = Position.of(e.getProblemMark().or(e::getContextMark)).line();
            throw refused(name + ":" + line, "is not YAML: " + reason(e.getProblem()) + hint(yaml, line));
        } catch (ReaderException e) {
            long line = yaml.codePoints()
                            .limit(Math.max(0, e.getPosition()))
                            .filter(point -> point == '\n')
                            .count()
                    + 1;
            throw refused(
                    name + ":" + line,
                    String.format(Locale.ROOT, "is not YAML: character U+%04X is not allowed", e.getCodePoint()));
        } catch (YamlEngineException e) {
            throw new InvalidInputException(List.of(new Problem(name, "is not YAML that can be read")));
        }
    }

    private static String decode(Path file, byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer input = ByteBuffer.wrap(bytes);
        CharBuffer output = CharBuffer.allocate(bytes.length);
        if (decoder.decode(input, output, true).isError()) {
            int line = 1;
            for (int i = 0; i < input.position(); i++) {
                line += bytes[i] == '\n' ? 1 : 0;
            }
            throw refused(file + ":" + line, "is not UTF-8 text: save the plan in UTF-8");
        }
        return output.flip().toString();
    }

    /** Composing recurses, so nesting without end would end in a stack overflow. */
    private static void checkDepth(Iterable<Event> events, String name) {
        int depth = 0;
        for (Event event : events) {
            switch (event.getEventId()) {
                case MappingStart, SequenceStart -> depth++;
                case MappingEnd, SequenceEnd -> depth--;
                default -> {}
            }
            if (depth > MAX_DEPTH) {
                int line = Position.of(event.getStartMark()).line();
                throw refused(name + ":" + line, "is nested deeper than " + MAX_DEPTH + " levels");
            }
        }
    }

    /** The parser's reason, without the names that it repeats from the file: they may be a secret without quotes. */
    private static String reason(String problem) {
        if (problem.contains("alias")) {
            return "undefined alias: put quotes round a text that begins with '*'";
        }
        if (problem.contains("anchor")) {
            return "wrong anchor: put quotes round a text that begins with '&'";
        }
        if (problem.contains("tag")) {
            return "wrong tag: put quotes round a text that begins with '!'";
        }
        String line = problem.strip().lines().findFirst().orElse("it cannot be parsed");
        int repeated = line.indexOf(", but found:");
        return repeated < 0 ? line : line.substring(0, repeated);
    }

    private static String hint(String yaml, int line) {
        boolean variable = yaml.lines().skip(line - 1L).limit(1).anyMatch(text -> text.contains("${"));
        return variable ? " (inside { } a variable needs quotes: \"${NAME}\")" : "";
    }

    private static InvalidInputException tooLarge(String place) {
        return refused(place, "is larger than 4 MB: this is not a plan, or it should be several");
    }

    private static InvalidInputException refused(String place, String message) {
        return new InvalidInputException(List.of(new Problem(place, message)));
    }
}
