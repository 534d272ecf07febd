package dev.backpop.ledger;

import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * Text made fit for PostgreSQL, which stores neither U+0000 nor half a surrogate pair: what it cannot store becomes its
 * visible escape, six characters such as {@code \}{@code u0000}. A refused row must never be refused again by the ledger.
 */
final class Storable {
    static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final int LONGEST_TEXT = 10_000;

    private Storable() {}

    /** Plain text, cut after 10,000 characters. */
    static String text(String text) {
        if (text.length() <= LONGEST_TEXT) {
            return escaped(text, "\\u");
        }
        return escaped(text.substring(0, LONGEST_TEXT), "\\u") + "… (" + text.length() + " characters)";
    }

    /** Plain text of any length. */
    static String whole(String text) {
        return escaped(text, "\\u");
    }

    /** JSON for a {@code json} column, where escapes may say anything; text that is no JSON becomes a JSON string. */
    static String json(String document) {
        String text = escaped(document, "\\u");
        try {
            if (!text.isBlank()) {
                JSON.readTree(text);
                return text;
            }
        } catch (JacksonException e) {
            return JSON.writeValueAsString(text);
        }
        return JSON.writeValueAsString(text);
    }

    /** JSON for a {@code jsonb} column, where escapes too must be storable. */
    static String jsonb(String document) {
        String text = escaped(document, "\\\\u");
        if (text.indexOf("\\u") < 0) {
            return text;
        }
        StringBuilder result = new StringBuilder(text.length() + 16);
        int at = 0;
        while (at < text.length()) {
            int length = text.charAt(at) == '\\' ? Math.min(2, text.length() - at) : 1;
            int code = escapeAt(text, at);
            if (code >= 0) {
                int next = escapeAt(text, at + 6);
                boolean pair = next >= 0 && Character.isSurrogatePair((char) code, (char) next);
                length = pair ? 12 : 6;
                if (code == 0 || (!pair && Character.isSurrogate((char) code))) {
                    result.append('\\');
                }
            }
            result.append(text, at, at + length);
            at += length;
        }
        return result.toString();
    }

    /** The code unit of the escape that begins there, or -1. */
    private static int escapeAt(String text, int at) {
        if (at + 6 > text.length() || !text.startsWith("\\u", at)) {
            return -1;
        }
        try {
            return Integer.parseInt(text, at + 2, at + 6, 16);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static String escaped(String text, String escape) {
        StringBuilder result = new StringBuilder(text.length());
        text.codePoints().forEach(code -> {
            if (code == 0 || (code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE)) {
                result.append(escape).append(String.format(Locale.ROOT, "%04x", code));
            } else {
                result.appendCodePoint(code);
            }
        });
        return result.toString();
    }
}
