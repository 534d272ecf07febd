package dev.backpop.legacy.file.expected;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/** A record's members by name, nested objects included. Of members of one name the last counts. Immutable. */
final class JsonRecord {
    static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(1_000)
                            .maxNumberLength(200_000)
                            .maxStringLength(Integer.MAX_VALUE)
                            .maxNameLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .build();

    /**
     * @param scalar a string's value, or a number or word as it is written; null for null, objects and arrays
     * @param start where an object or array begins in the document; 0 for all else
     * @param end where it has ended; 0 for all else
     */
    private record Value(@Nullable String scalar, int start, int end, Map<String, Value> members) {}

    private final String document;
    private final Value root;

    private JsonRecord(String document, Value root) {
        this.document = document;
        this.root = root;
    }

    /** @throws IllegalArgumentException when the text is not one JSON object */
    static JsonRecord parse(String document) {
        try (JsonParser parser = JSON.createParser(document)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("the record is no JSON object");
            }
            Value root = value(parser);
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("the record goes on after its end");
            }
            return new JsonRecord(document, root);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("the record is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static Value value(JsonParser parser) {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return new Value(null, 0, 0, Map.of());
        }
        if (token != JsonToken.START_OBJECT && token != JsonToken.START_ARRAY) {
            return new Value(parser.getString(), 0, 0, Map.of());
        }
        int start = offset(parser);
        Map<String, Value> members = new HashMap<>();
        if (token == JsonToken.START_ARRAY) {
            parser.skipChildren();
        } else {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                members.put(name, value(parser));
            }
        }
        return new Value(null, start, offset(parser) + 1, members);
    }

    private static int offset(JsonParser parser) {
        return Math.toIntExact(parser.currentTokenLocation().getCharOffset());
    }

    /** A field's text: a string itself, everything else as the record writes it; null for null and where it is not there. */
    @Nullable
    String text(FieldPath field) {
        Value found = root.members().get(field.whole());
        if (found == null) {
            found = root;
            for (String name : field.names()) {
                found = found == null ? null : found.members().get(name);
            }
        }
        if (found == null) {
            return null;
        }
        return found.end() > 0 ? document.substring(found.start(), found.end()) : found.scalar();
    }
}
