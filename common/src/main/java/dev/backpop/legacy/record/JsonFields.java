package dev.backpop.legacy.record;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes the text of some fields out of a record without reading it into values, so that numbers and nested documents keep
 * their exact text. A field is a name, or names joined by dots that lead into nested objects; a record's own field of that
 * whole name comes first. Of members of one name the last counts. Immutable and thread-safe.
 */
public final class JsonFields {
    /** Reads records of any depth and length that a line can have. */
    public static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(1_000)
                            .maxNumberLength(200_000)
                            .maxStringLength(Integer.MAX_VALUE)
                            .maxNameLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .build();

    private static final class Path {
        final Map<String, Path> below = new HashMap<>();
        int slot = -1;
    }

    private final int count;
    private final Map<String, Integer> whole = new HashMap<>();
    private final Path root = new Path();

    public JsonFields(List<String> fields) {
        count = fields.size();
        for (int slot = 0; slot < count; slot++) {
            whole.put(fields.get(slot), slot);
            Path path = root;
            for (String name : fields.get(slot).split("\\.", -1)) {
                path = path.below.computeIfAbsent(name, n -> new Path());
            }
            path.slot = slot;
        }
    }

    /**
     * The fields' texts, in the order given: strings as they are, everything else as it is written, null for null and for
     * what is not there.
     *
     * @throws JacksonException when the text is not one JSON value
     * @throws IllegalArgumentException when it is not an object
     */
    public @Nullable String[] read(String document) {
        @Nullable String[] values = new @Nullable String[count];
        boolean[] settled = new boolean[count];
        try (JsonParser parser = JSON.createParser(document)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("the record is not a JSON object");
            }
            readObject(parser, document, root, values, settled, true);
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("there is more after the end of the record");
            }
        }
        return values;
    }

    private void readObject(
            JsonParser parser, String document, Path path, @Nullable String[] values, boolean[] settled, boolean top) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            Path below = path.below.get(name);
            Integer exact = top ? whole.get(name) : null;
            boolean wanted = exact != null || (below != null && below.slot >= 0);
            // Where a scalar begins nobody needs to know, and it costs more to find out than to read most of them.
            int start = wanted && !token.isScalarValue()
                    ? (int) parser.currentTokenLocation().getCharOffset()
                    : 0;
            if (below != null) {
                forget(below, values, settled);
            }
            if (token == JsonToken.START_OBJECT && below != null && !below.below.isEmpty()) {
                readObject(parser, document, below, values, settled, false);
            } else {
                parser.skipChildren();
            }
            if (!wanted) {
                continue;
            }
            String text = text(parser, token, document, start);
            if (exact != null) {
                values[exact] = text;
                settled[exact] = true;
            }
            if (below != null && below.slot >= 0 && !settled[below.slot]) {
                values[below.slot] = text;
            }
        }
    }

    /** What a member of the same name said before counts no more, nor what stood within it. */
    private static void forget(Path path, @Nullable String[] values, boolean[] settled) {
        if (path.slot >= 0 && !settled[path.slot]) {
            values[path.slot] = null;
        }
        path.below.values().forEach(below -> forget(below, values, settled));
    }

    private static @Nullable String text(JsonParser parser, JsonToken token, String document, int start) {
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (token.isScalarValue()) {
            return parser.getString();
        }
        return document.substring(start, (int) parser.currentTokenLocation().getCharOffset() + 1);
    }
}
