package dev.backpop.queue;

import dev.backpop.legacy.Allowance;
import dev.backpop.legacy.LegacyHeldException;
import dev.backpop.legacy.LegacyUnavailableException;
import dev.backpop.legacy.Permit;
import dev.backpop.legacy.RequestClass;
import dev.backpop.problem.StoreUnreachableException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for what the budget gives to requests of one class; while one of a process' threads waits, others queue behind it. */
final class BudgetAllowance implements Allowance {
    /** Longer nobody waits while holding a chunk: others can use the lane. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** In line behind others it may take longer, since what was fetched for a chunk so far would be lost. */
    private static final Duration LINE = Duration.ofMinutes(5);

    private static final Duration LIVE_POLL = Duration.ofMillis(100);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Logger LOG = LoggerFactory.getLogger(BudgetAllowance.class);

    private final Budget budget;
    private final RequestClass requestClass;
    private final LongSupplier nanoTime;
    private final String process = UUID.randomUUID().toString().substring(0, 8);
    private final AtomicLong next = new AtomicLong();
    private final Map<String, ReentrantLock> lines = new ConcurrentHashMap<>();

    BudgetAllowance(Budget budget, RequestClass requestClass, LongSupplier nanoTime) {
        this.budget = budget;
        this.requestClass = requestClass;
        this.nanoTime = nanoTime;
    }

    @Override
    public Permit take(@Nullable String alone) {
        ReentrantLock line = lines.computeIfAbsent(alone == null ? "" : alone, name -> new ReentrantLock(true));
        String id = process + "-" + next.incrementAndGet();
        // While nobody waits there is no line to stand in, and many ask beside each other.
        if (!line.isLocked() && budget.take(requestClass, id, alone) instanceof Budget.Answer.Granted granted) {
            return permit(granted);
        }
        try {
            line.lockInterruptibly();
        } catch (InterruptedException e) {
            throw interrupted();
        }
        try {
            return first(id, alone);
        } finally {
            line.unlock();
        }
    }

    private Permit permit(Budget.Answer.Granted granted) {
        return result -> {
            try {
                budget.settle(granted, result);
            } catch (StoreUnreachableException e) {
                // The answer is none the worse for it, and the permission runs out by itself.
                LOG.warn("what came of a request was not told to the budget: {}", e.getMessage());
            }
        };
    }

    private Permit first(String id, @Nullable String alone) {
        long begin = nanoTime.getAsLong();
        while (true) {
            Budget.Answer answer = budget.take(requestClass, id, alone);
            if (answer instanceof Budget.Answer.Granted granted) {
                return permit(granted);
            }
            Budget.Answer.Refused refused = (Budget.Answer.Refused) answer;
            if (refused.time().compareTo(PATIENCE) > 0) {
                throw new LegacyHeldException(refused.why(), refused.time());
            }
            if (nanoTime.getAsLong() - begin > LINE.toNanos()) {
                throw new LegacyHeldException(
                        "requests of other classes or processes have used the budget for " + LINE.toMinutes()
                                + " minutes, and none was left for a "
                                + requestClass.name().toLowerCase(Locale.ROOT),
                        PATIENCE);
            }
            Duration poll = requestClass == RequestClass.LIVE ? LIVE_POLL : POLL;
            LockSupport.parkNanos((refused.time().compareTo(poll) > 0 ? poll : refused.time()).toNanos());
            if (Thread.currentThread().isInterrupted()) {
                throw interrupted();
            }
        }
    }

    private static LegacyUnavailableException interrupted() {
        Thread.currentThread().interrupt();
        return new LegacyUnavailableException("interrupted while waiting for the budget");
    }
}
