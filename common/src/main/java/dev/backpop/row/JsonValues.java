package dev.backpop.row;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON texts: whether they are JSON, and which value they spell. */
public final class JsonValues {
    private enum Special {
        NULL,
        MISSING
    }

    /** Deep enough for people's documents, and comparable on any thread's stack. */
    private static final int MOST_NESTED = 1_000;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MOST_NESTED)
                            .maxNumberLength(200_000)
                            .maxStringLength(Integer.MAX_VALUE)
                            .maxNameLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private JsonValues() {}

    /**
     * The value that a JSON text spells, as an immutable object that is equal to that of another text exactly when both
     * are the same JSON value: members in any order, the last of several members with one name, and numbers compared as
     * exact decimals ({@code 1.0} and {@code 1e0} are the same). Arrays are lists, so that order counts in them.
     *
     * @return empty when the text is no JSON, or is nested deeper than 1,000
     */
    public static Optional<Object> value(String text) {
        try {
            return Optional.of(value(MAPPER.readTree(text))).filter(value -> value != Special.MISSING);
        } catch (JacksonException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Object value(JsonNode node) {
        if (node.isObject()) {
            Map<String, Object> members = new HashMap<>();
            node.properties().forEach(member -> members.put(member.getKey(), value(member.getValue())));
            return Map.copyOf(members);
        }
        if (node.isArray()) {
            return node.values().stream().map(JsonValues::value).toList();
        }
        if (node.isNumber()) {
            return node.decimalValue().stripTrailingZeros();
        }
        if (node.isString()) {
            return node.stringValue();
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        return node.isMissingNode() ? Special.MISSING : Special.NULL;
    }

    /**
     * Refuses what PostgreSQL's json (or jsonb) would refuse.
     *
     * @param storesValues true for jsonb, which keeps numbers and strings as values and so cannot keep all of them
     */
    static void check(String text, boolean storesValues) {
        boolean found = false;
        try (JsonParser parser = MAPPER.createParser(text)) {
            int depth = 0;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (depth == 0 && found) {
                    throw UnencodableValueException.not("JSON: there is more after its end", text);
                }
                found = true;
                if (token.isStructStart()) {
                    depth++;
                } else if (token.isStructEnd()) {
                    depth--;
                } else if (storesValues) {
                    checkStored(token, parser.getString());
                }
            }
        } catch (JacksonException e) {
            throw UnencodableValueException.not("JSON: " + e.getOriginalMessage(), text);
        }
        if (!found) {
            throw UnencodableValueException.not("JSON: it is empty", text);
        }
    }

    private static void checkStored(JsonToken token, String value) {
        if (token == JsonToken.VALUE_STRING || token == JsonToken.PROPERTY_NAME) {
            BinaryEncoder.checkText(value);
        } else if (token.isNumeric()) {
            BinaryNumeric.encode(number(value), value);
        }
    }

    private static BigDecimal number(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw UnencodableValueException.outOfRange("numeric", text);
        }
    }
}
