package dev.backpop.standin;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.SerializableString;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.io.CharacterEscapes;
import tools.jackson.core.io.SerializedString;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON as Reddit writes it: ASCII only, floating numbers as they were, markup escaped unless a caller asks for it raw. */
final class Json {
    private static final StreamReadConstraints LIMITS =
            StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build();
    private static final JsonMapper RAW = mapper(JsonFactory.builder()
            .streamReadConstraints(LIMITS)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build());
    private static final JsonMapper ESCAPED = mapper(JsonFactory.builder()
            .streamReadConstraints(LIMITS)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .characterEscapes(new Markup())
            .build());

    private Json() {}

    private static JsonMapper mapper(JsonFactory factory) {
        return JsonMapper.builder(factory)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build();
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    static JsonNode read(byte[] text) {
        return RAW.readTree(text);
    }

    /**
     * @param raw false to write the three characters of markup as entities, in texts and in names
     */
    static byte[] write(JsonNode node, boolean raw) {
        return (raw ? RAW : ESCAPED).writeValueAsBytes(node);
    }

    static ObjectNode thing(String kind, ObjectNode data) {
        ObjectNode thing = object().put("kind", kind);
        thing.set("data", data);
        return thing;
    }

    static ObjectNode listing(ArrayNode children, @Nullable String before, @Nullable String after) {
        ObjectNode data = object().putNull("modhash");
        data.set("children", children);
        data.put("after", after);
        data.put("before", before);
        return thing("Listing", data);
    }

    private static final class Markup extends CharacterEscapes {
        private static final long serialVersionUID = 1L;
        private static final SerializableString AND = new SerializedString("&amp;");
        private static final SerializableString LESS = new SerializedString("&lt;");
        private static final SerializableString MORE = new SerializedString("&gt;");

        private final int[] escapes = standardAsciiEscapesForJSON();

        Markup() {
            escapes['&'] = ESCAPE_CUSTOM;
            escapes['<'] = ESCAPE_CUSTOM;
            escapes['>'] = ESCAPE_CUSTOM;
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return escapes.clone();
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int character) {
            return switch (character) {
                case '&' -> AND;
                case '<' -> LESS;
                case '>' -> MORE;
                default -> null;
            };
        }
    }
}
