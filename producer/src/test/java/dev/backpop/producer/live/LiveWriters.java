package dev.backpop.producer.live;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The application: threads that change rows of the old table and then those of the new one, each key by one of them at a
 * time.
 */
final class LiveWriters implements AutoCloseable {
    private static final int WRITERS = 8;

    final LiveCounts counts = new LiveCounts();
    private final LiveKeys keys;
    private final Orders orders = new Orders();
    private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    private final List<Future<?>> writers = new ArrayList<>();

    /** What the writers are to do. Thread-safe. */
    static final class Orders {
        private final AtomicBoolean end = new AtomicBoolean();
        private final AtomicInteger truncations = new AtomicInteger();

        boolean end() {
            return end.get();
        }

        /** How many truncations there still are to be begun; each is told to one of the writers who ask. */
        int truncations() {
            return truncations.getAndUpdate(left -> Math.max(0, left - 1));
        }
    }

    private LiveWriters(LiveKeys keys) {
        this.keys = keys;
    }

    /**
     * Starts them.
     *
     * @param firstVersion of what they write
     * @param lastMovedTo the greatest key that another is changed to
     */
    static LiveWriters start(
            LiveTables tables, LivePath path, LiveKeys keys, long firstVersion, int lastMovedTo, long seed) {
        LiveWriters writers = new LiveWriters(keys);
        AtomicLong versions = new AtomicLong(firstVersion);
        for (int i = 0; i < WRITERS; i++) {
            Random random = new Random(seed * 1_000 + i);
            LiveChanges changes = new LiveChanges(keys, path.forms(), random, versions, lastMovedTo);
            LiveWriter writer = new LiveWriter(tables, path, keys, changes, writers.counts, random);
            writers.writers.add(writers.threads.submit(() -> {
                writer.run(writers.orders);
                return null;
            }));
        }
        return writers;
    }

    /** Lets one of them begin soon to empty both tables and take it back, and one do it. */
    void truncate() {
        orders.truncations.set(2);
    }

    /** Lets each end its transaction; fails when one of them failed. */
    List<String> stop() throws Exception {
        orders.end.set(true);
        for (Future<?> writer : writers) {
            writer.get(60, TimeUnit.SECONDS);
        }
        return keys.present();
    }

    @Override
    public void close() {
        orders.end.set(true);
        threads.shutdownNow();
    }
}
