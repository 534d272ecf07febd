package dev.backpop.worker;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * When a failed chunk is tried again: exponential backoff with full jitter. Thread-safe when its source of chance is.
 *
 * <p>Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015, variant "full jitter".
 */
final class Retries {
    static final int MOST_ATTEMPTS = 5;

    /** How often a chunk that lost to other transactions is run again at once, before that counts as a failed attempt. */
    static final int MOST_AT_ONCE = 4;

    private static final long FIRST_MILLIS_AT_ONCE = 100;
    private static final long FIRST_MILLIS = 1_000;
    private static final long MOST_MILLIS = 60_000;

    private final DoubleSupplier chance;

    /** @param chance uniform in [0, 1) */
    Retries(DoubleSupplier chance) {
        this.chance = chance;
    }

    /** How long to wait after so many failed attempts, at least 1. */
    Duration delay(int attempts) {
        long ceiling = Math.min(MOST_MILLIS, FIRST_MILLIS << Math.min(20, attempts - 1));
        return Duration.ofMillis((long) (chance.getAsDouble() * ceiling));
    }

    /** How long to wait within the lane after it lost so often in a row, at least 1 and at most {@link #MOST_AT_ONCE}. */
    Duration delayAtOnce(int lost) {
        return Duration.ofMillis((long) (chance.getAsDouble() * (FIRST_MILLIS_AT_ONCE << (lost - 1))));
    }
}
