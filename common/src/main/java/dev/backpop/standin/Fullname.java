package dev.backpop.standin;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A thing's name in the API: a kind and a number in base 36.
 *
 * @param kind {@code t1} for a comment, {@code t3} for a post, {@code t5} for a channel
 */
record Fullname(String kind, long id) {
    static final String COMMENT = "t1";
    static final String POST = "t3";
    static final String CHANNEL = "t5";

    /** A person: named by an id in lists, and nothing else is told by it. */
    private static final String PERSON = "t2";

    private static final int LONGEST = 13;
    private static final int RADIX = 36;

    /** Null for what names no thing. */
    static @Nullable Fullname parse(String text) {
        if (text.length() < 4 || text.charAt(2) != '_') {
            return null;
        }
        String kind = text.substring(0, 2);
        OptionalLong id = number(text.substring(3));
        return id.isEmpty() ? null : new Fullname(kind, id.getAsLong());
    }

    /** Empty for what is not a number as the API writes them. */
    static OptionalLong number(String text) {
        if (text.isEmpty() || text.length() > LONGEST) {
            return OptionalLong.empty();
        }
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            char digit = text.charAt(i);
            boolean known = (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'z');
            if (!known) {
                return OptionalLong.empty();
            }
            int value = digit <= '9' ? digit - '0' : digit - 'a' + 10;
            if (number > (Long.MAX_VALUE - value) / RADIX) {
                return OptionalLong.empty();
            }
            number = number * RADIX + value;
        }
        return OptionalLong.of(number);
    }

    /** A person by name, the same in any case of letters. */
    static Fullname person(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        UUID digest = UUID.nameUUIDFromBytes(lower.getBytes(StandardCharsets.UTF_8));
        return new Fullname(PERSON, 1 + (digest.getMostSignificantBits() >>> 24));
    }

    static String text(long id) {
        return Long.toString(id, RADIX);
    }

    @Override
    public String toString() {
        return kind + "_" + text(id);
    }
}
