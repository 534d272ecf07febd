package dev.backpop.worker;

import dev.backpop.queue.Lease;
import dev.backpop.worker.health.Readiness;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The leases that this worker's lanes hold, and when Redis last answered for them or for a lane. Thread-safe. */
final class HeldLeases {
    /** Without an answer from Redis for this long a worker is not ready, whatever its process looks like. */
    private static final long MOST_SECONDS_SINCE_POLL = 30;

    private final Set<Lease> leases = ConcurrentHashMap.newKeySet();
    private final LongSupplier nanoTime;
    private volatile long polledAt;

    HeldLeases(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.polledAt = nanoTime.getAsLong();
    }

    void add(Lease lease) {
        polled();
        leases.add(lease);
    }

    void remove(Lease lease) {
        leases.remove(lease);
    }

    List<Lease> all() {
        return List.copyOf(leases);
    }

    /** Redis answered just now. */
    void polled() {
        polledAt = nanoTime.getAsLong();
    }

    /** Ready as long as Redis answers: a lane that polls, or the renewal of what the lanes hold. */
    Readiness readiness() {
        long seconds = secondsSincePoll();
        return seconds <= MOST_SECONDS_SINCE_POLL
                ? Readiness.READY
                : Readiness.notReady("Redis has not answered for " + seconds + " seconds");
    }

    long secondsSincePoll() {
        return TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - polledAt);
    }
}
