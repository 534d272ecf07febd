package dev.backpop.legacy.file.expected;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** JSON documents, kept as their text. */
final class ExpectedJson {
    private static final byte JSONB_VERSION = 1;

    private ExpectedJson() {}

    static byte[] json(String text) {
        read(text, false);
        return ExpectedText.text(text);
    }

    static byte[] jsonb(String text) {
        read(text, true);
        byte[] document = ExpectedText.text(text);
        byte[] value = new byte[document.length + 1];
        value[0] = JSONB_VERSION;
        System.arraycopy(document, 0, value, 1, document.length);
        return value;
    }

    /** @param asValues whether its strings and numbers must be values that PostgreSQL can hold, as jsonb's must */
    private static void read(String text, boolean asValues) {
        try (JsonParser parser = JsonRecord.JSON.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new IllegalArgumentException("an empty text is no JSON");
            }
            int open = 0;
            do {
                JsonToken token = parser.currentToken();
                open += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (asValues) {
                    check(token, parser);
                }
            } while (parser.nextToken() != null && open > 0);
            if (parser.currentToken() != null) {
                throw new IllegalArgumentException(ExpectedType.quoted(text) + " is more than one JSON value");
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    ExpectedType.quoted(text) + " is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static void check(JsonToken token, JsonParser parser) {
        switch (token) {
            case PROPERTY_NAME, VALUE_STRING -> ExpectedText.text(parser.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> ExpectedNumber.bounded(parser.getString());
            default -> {}
        }
    }
}
