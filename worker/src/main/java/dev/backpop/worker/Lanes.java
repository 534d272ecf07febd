package dev.backpop.worker;

import dev.backpop.problem.StoreUnreachableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that repeat a step until they are told to stop. A step that fails is said and repeated; nothing ends a loop but
 * {@link #stop} and an {@link Error}.
 */
final class Lanes {
    private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final List<Thread> threads = new ArrayList<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Wakeup wakeup;
    private final BiConsumer<String, Error> broken;

    /**
     * @param broken called with a loop's name when the virtual machine failed it, as when memory ran out; the loop is over
     *     then, and a process that went on would look alive and do nothing
     */
    Lanes(Wakeup wakeup, BiConsumer<String, Error> broken) {
        this.wakeup = wakeup;
        this.broken = broken;
    }

    /**
     * Starts a loop.
     *
     * @param step returns true to be repeated at once, false to be repeated after the pause
     * @param pause how long to wait after a step that had nothing to do
     */
    void start(String name, BooleanSupplier step, Duration pause) {
        Thread thread = new Thread(() -> loop(name, step, pause), name);
        threads.add(thread);
        thread.start();
    }

    private void loop(String name, BooleanSupplier step, Duration pause) {
        String lastFailure = "";
        while (!stopping.get()) {
            Duration wait = pause;
            try {
                if (step.getAsBoolean()) {
                    lastFailure = "";
                    continue;
                }
                lastFailure = "";
            } catch (StoreUnreachableException e) {
                wait = AFTER_FAILURE;
                String failure = String.valueOf(e.getMessage());
                if (!failure.equals(lastFailure)) {
                    LOG.warn("{}: {}", name, failure);
                }
                lastFailure = failure;
            } catch (RuntimeException e) {
                wait = AFTER_FAILURE;
                LOG.error("{} failed and goes on", name, e);
            } catch (Error e) {
                broken.accept(name, e);
                throw e;
            }
            wakeup.await(wait);
        }
    }

    /** Lets every loop end after its present step. */
    void stop() {
        stopping.set(true);
        wakeup.wake();
    }

    /** Waits for the loops to end; false when some are still in their step after that time. */
    boolean awaitEnd(Duration most) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        for (Thread thread : threads) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            thread.join(Math.max(1, left));
        }
        return threads.stream().noneMatch(Thread::isAlive);
    }
}
