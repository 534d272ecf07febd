package dev.backpop.producer.cli;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** How fast a count grew over the last ten seconds. Not thread-safe. */
final class Throughput {
    private static final long WINDOW_NANOS = Duration.ofSeconds(10).toNanos();
    private static final double NANOS_A_SECOND = 1e9;

    private final Deque<Sample> samples = new ArrayDeque<>();

    /** Takes a look at the count into account; a count that went back starts anew. */
    void observe(long nanoTime, long count) {
        Sample last = samples.peekLast();
        if (last != null && count < last.count) {
            samples.clear();
        }
        samples.addLast(new Sample(nanoTime, count));
        while (samples.size() > 2 && nanoTime - samples.getFirst().nanoTime > WINDOW_NANOS) {
            samples.removeFirst();
        }
    }

    /** Zero until there are two looks. */
    double perSecond() {
        Sample first = samples.peekFirst();
        Sample last = samples.peekLast();
        if (first == null || last == null || last.nanoTime == first.nanoTime) {
            return 0;
        }
        return (last.count - first.count) * NANOS_A_SECOND / (last.nanoTime - first.nanoTime);
    }

    private record Sample(long nanoTime, long count) {}
}
