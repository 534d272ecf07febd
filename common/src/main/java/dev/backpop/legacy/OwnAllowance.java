package dev.backpop.legacy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The budget of a process by itself: a request counts from its permission until the limit's time has passed since its answer.
 * Paced, so that it does not spend everything in the first second. Thread-safe.
 */
final class OwnAllowance implements Allowance {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

    private final String store;
    private final int requests;
    private final long per;
    private final LongSupplier nanoTime;
    private final Deque<Long> answered = new ArrayDeque<>();
    private final Set<String> alone = new HashSet<>();
    private int underWay;
    private long next;
    private long stoppedUntil;
    private String reason = "";

    OwnAllowance(String store, RequestLimit limit, LongSupplier nanoTime) {
        this.store = store;
        this.requests = limit.requests();
        this.per = limit.per().toNanos();
        this.nanoTime = nanoTime;
        this.next = nanoTime.getAsLong();
        this.stoppedUntil = next;
    }

    @Override
    public synchronized Permit take(@Nullable String name) {
        for (; ; ) {
            long now = nanoTime.getAsLong();
            if (stoppedUntil - now > PATIENCE) {
                Duration time = Duration.ofNanos(stoppedUntil - now);
                throw new LegacyHeldException(
                        store + " is not asked for " + (time.toSeconds() + 1) + " s: " + reason, time);
            }
            answered.removeIf(time -> now - time > per);
            long wait = Math.max(stoppedUntil, next) - now;
            boolean free = answered.size() + underWay < requests && (name == null || !alone.contains(name));
            if (free && wait <= 0) {
                underWay++;
                next = now + per / requests;
                if (name != null) {
                    alone.add(name);
                }
                return result -> settle(name, result);
            }
            await(free ? wait : TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private void await(long nanos) {
        try {
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(TimeUnit.MILLISECONDS.toNanos(1), nanos));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LegacyUnavailableException("interrupted while waiting to ask " + store, e);
        }
    }

    private synchronized void settle(@Nullable String name, RequestResult result) {
        long now = nanoTime.getAsLong();
        underWay--;
        answered.add(now);
        if (name != null) {
            alone.remove(name);
        }
        Double remaining = result.remaining();
        Duration reset = result.reset();
        Duration retryAfter = result.retryAfter();
        if (retryAfter != null) {
            stop(now, retryAfter, result.said());
        } else if (reset != null && remaining != null && remaining < underWay + 1.0) {
            stop(now, reset, "the server says that its allowance is used up");
        } else if (result.kind() == RequestResult.Kind.REFUSED) {
            stop(now, Duration.ofSeconds(1), result.said());
        }
        notifyAll();
    }

    private void stop(long now, Duration time, String why) {
        stoppedUntil = Math.max(stoppedUntil, now + time.toNanos());
        reason = why;
    }
}
