package dev.backpop.legacy.file.expected;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/** Text as it is, and the types whose values are words or hex digits. */
final class ExpectedText {
    private static final Set<String> TRUE = Set.of("t", "tr", "tru", "true", "y", "ye", "yes", "on", "1");
    private static final Set<String> FALSE = Set.of("f", "fa", "fal", "fals", "false", "n", "no", "of", "off", "0");

    /** After how many hex digits a uuid may have a hyphen. */
    private static final Set<Integer> HYPHENS = Set.of(8, 12, 16, 20);

    private ExpectedText() {}

    /** @throws IllegalArgumentException when PostgreSQL cannot store the text */
    static byte[] text(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the text holds the character U+0000, which no database text can");
        }
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the text holds half of a surrogate pair, which is no character", e);
        }
    }

    static byte[] bool(String text) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        if (TRUE.contains(word)) {
            return new byte[] {1};
        }
        if (FALSE.contains(word)) {
            return new byte[] {0};
        }
        throw new IllegalArgumentException(ExpectedType.quoted(text) + " is neither true nor false");
    }

    static byte[] bytes(String text) {
        if (!text.startsWith("\\x") || text.length() % 2 != 0) {
            throw new IllegalArgumentException(ExpectedType.quoted(text) + " is not \\x and pairs of hex digits");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 2; i < text.length(); i += 2) {
            bytes.write(digit(text, i) << 4 | digit(text, i + 1));
        }
        return bytes.toByteArray();
    }

    static byte[] uuid(String text) {
        String word = text.strip();
        if (word.startsWith("{") && word.endsWith("}")) {
            word = word.substring(1, word.length() - 1);
        }
        byte[] uuid = new byte[16];
        int digits = 0;
        for (int i = 0; i < word.length(); i++) {
            if (word.charAt(i) == '-' && HYPHENS.contains(digits) && word.charAt(i - 1) != '-') {
                continue;
            }
            if (digits == 32) {
                throw noUuid(text);
            }
            uuid[digits / 2] |= (byte) (digit(word, i) << (digits % 2 == 0 ? 4 : 0));
            digits++;
        }
        if (digits < 32) {
            throw noUuid(text);
        }
        return uuid;
    }

    private static IllegalArgumentException noUuid(String text) {
        return new IllegalArgumentException(ExpectedType.quoted(text) + " has not the 32 hex digits of a uuid");
    }

    private static int digit(String text, int at) {
        char character = text.charAt(at);
        int digit = character < 128 ? Character.digit(character, 16) : -1;
        if (digit < 0) {
            throw new IllegalArgumentException(
                    ExpectedType.quoted(text) + " has something else than a hex digit at position " + (at + 1));
        }
        return digit;
    }
}
