package dev.backpop.producer.cli;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Whether it is time to say that no worker is alive: at once where nobody is known to come, and otherwise when none has been
 * seen for a while, as after the last one died or Redis forgot them. Not thread-safe.
 */
final class WorkerAbsence {
    /** A worker that starts here needs a few seconds, one that Redis forgot five. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final LongSupplier nanoTime;
    private long seenAt;
    private boolean expected;
    private boolean said;

    /**
     * @param expected true when workers are on their way
     * @param nanoTime a clock that never goes back, such as {@code System::nanoTime}
     */
    WorkerAbsence(boolean expected, LongSupplier nanoTime) {
        this.expected = expected;
        this.nanoTime = nanoTime;
        this.seenAt = nanoTime.getAsLong();
    }

    /** True once for every absence. */
    boolean isNews(int workers) {
        long now = nanoTime.getAsLong();
        if (workers > 0) {
            seenAt = now;
            expected = true;
            said = false;
            return false;
        }
        if (said || (expected && now - seenAt < PATIENCE.toNanos())) {
            return false;
        }
        said = true;
        return true;
    }
}
