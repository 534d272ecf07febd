package dev.backpop.row;

import java.math.BigDecimal;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON texts: whether they are JSON, and whether two are the same value. */
final class JsonValues {
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

    /** Whether both are the same JSON value: members in any order, numbers compared exactly by value. */
    static boolean same(String left, String right) {
        try {
            return MAPPER.readTree(left).equals(JsonValues::order, MAPPER.readTree(right));
        } catch (JacksonException e) {
            // Too deep or too long to compare as values; as texts they were found to differ.
            return false;
        }
    }

    private static int order(JsonNode left, JsonNode right) {
        if (left.isNumber() && right.isNumber()) {
            return left.decimalValue().compareTo(right.decimalValue());
        }
        return left.equals(right) ? 0 : 1;
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
