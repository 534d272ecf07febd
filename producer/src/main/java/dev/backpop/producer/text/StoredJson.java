package dev.backpop.producer.text;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.StringNode;

/** JSON text from the ledger, made part of an answer. */
public final class StoredJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private StoredJson() {}

    /** As a node, numbers unchanged; text that a reader of JSON refuses becomes a string. Null for null. */
    public static @Nullable JsonNode node(@Nullable String json) {
        if (json == null) {
            return null;
        }
        try {
            return JSON.readTree(json);
        } catch (JacksonException e) {
            return StringNode.valueOf(json);
        }
    }

    /**
     * A key as people and {@code --ids} write it: the plain value of one column, a JSON array of several. An empty value and
     * one with blanks at an end, which nobody would see, as a JSON array too.
     */
    public static String key(String json) {
        String plain = plainKey(json);
        return plain.isEmpty() || !plain.strip().equals(plain) ? Text.printableJson(json) : plain;
    }

    private static String plainKey(String json) {
        JsonNode node = node(json);
        if (node != null && node.isArray() && node.size() == 1) {
            return node.get(0).asString();
        }
        return node == null ? json : Text.printableJson(node.toString());
    }

    /** As {@code --ids} reads it; empty where no line can say it: an empty value, or one with line breaks. */
    public static Optional<String> keyOnALine(String json) {
        String key = plainKey(json);
        boolean sayable =
                !key.isBlank() && key.lines().limit(2).count() == 1 && !key.endsWith("\n") && !key.endsWith("\r");
        return sayable ? Optional.of(key) : Optional.empty();
    }
}
