package dev.backpop.worker;

import dev.backpop.queue.Lease;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The leases that this worker's lanes hold, and when Redis last answered a lane. Thread-safe. */
final class HeldLeases {
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

    long secondsSincePoll() {
        return TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - polledAt);
    }
}
