package dev.backpop.legacy.reddit;

import dev.backpop.legacy.LegacyUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Does requests, and what follows from their answers, for whoever wants them: in the order in which they are wanted, a bounded
 * number of them at a time. Thread-safe; close it to end its threads.
 */
final class Flights implements AutoCloseable {
    private final ExecutorService threads;

    /**
     * Has more threads than there may be requests under way, which is for the client to see to: while some read answers, others
     * ask on.
     */
    Flights(int inFlight) {
        int readers = 1 + inFlight / 4 + Runtime.getRuntime().availableProcessors();
        AtomicInteger made = new AtomicInteger();
        threads = Executors.newFixedThreadPool(inFlight + readers, work -> {
            Thread thread = new Thread(work, "reddit-" + made.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Does all of it; the first failure ends the rest and is thrown. */
    void all(List<Runnable> work) {
        List<Future<?>> flights = new ArrayList<>(work.size());
        work.forEach(one -> flights.add(threads.submit(one)));
        try {
            for (Future<?> flight : flights) {
                flight.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LegacyUnavailableException("interrupted while Reddit was asked", e);
        } catch (ExecutionException e) {
            throw unwrapped(e);
        } finally {
            flights.forEach(flight -> flight.cancel(true));
        }
    }

    private static RuntimeException unwrapped(ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException failure ? failure : new IllegalStateException(cause);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
