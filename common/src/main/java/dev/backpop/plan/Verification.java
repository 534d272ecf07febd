package dev.backpop.plan;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How an entity is verified. Immutable and thread-safe.
 *
 * @param method the first look at the rows; null when Backpop chooses
 * @param settle how long to wait, zero or more, before rows that did not match are read again
 * @param looks how often a row that did not match is looked at, at least 1; what still changes then is listed as busy
 * @param sequenceMargin how far beyond the greatest key a sequence of the target must stand, zero or more
 */
public record Verification(@Nullable Method method, Duration settle, int looks, long sequenceMargin) {
    /** Of an entity that says nothing. */
    public static final Verification DEFAULTS = new Verification(null, Duration.ofSeconds(5), 6, 0);

    public Verification {
        requireNonNull(settle, "settle is null");
        if (settle.isNegative() || looks < 1 || sequenceMargin < 0) {
            throw new IllegalArgumentException(
                    "expected settle and sequence_margin of zero or more and looks of 1 or more, got " + settle + ", "
                            + sequenceMargin + ", " + looks);
        }
    }

    /** The first, fast look at a run of keys; what it does not call equal is looked at row by row in any case. */
    public enum Method {
        /** Sums of hashes, made by both databases; PostgreSQL on both sides. */
        DIGESTS,
        /** Both sides streamed in binary, compared byte for byte; PostgreSQL on both sides. */
        BYTES,
        /** Rows, read and compared one by one; any legacy store. */
        ROWS;

        /** As plans, flags and reports write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Every word, in the order of the documentation. */
        public static List<String> words() {
            return Arrays.stream(values()).map(Method::word).toList();
        }

        /** Empty when no method has this word. */
        public static Optional<Method> ofWord(String word) {
            return Arrays.stream(values())
                    .filter(method -> method.word().equals(word))
                    .findFirst();
        }
    }
}
