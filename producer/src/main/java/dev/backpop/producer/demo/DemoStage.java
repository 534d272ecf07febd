package dev.backpop.producer.demo;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that the demo, or a self-test, has started, taken down once, last first, whoever ends it: itself or a signal.
 * Thread-safe.
 */
public final class DemoStage implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DemoStage.class);
    /** Longer than a server takes to start: what is half started cannot be taken down. */
    private static final long MOST_SECONDS_TO_OPEN = 30;

    private static final long SECONDS_TO_NOTICE = 1;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Runnable> open = new ArrayDeque<>();
    private final CountDownLatch left = new CountDownLatch(1);
    private volatile boolean closing;
    private volatile boolean toldToStop;

    /**
     * Starts something, and takes it down in the end.
     *
     * @throws DemoStoppedException when the end has come already
     */
    public <T> T open(Supplier<T> opener, Consumer<T> closer) {
        lock.lock();
        try {
            if (closing) {
                throw new DemoStoppedException();
            }
            T opened = opener.get();
            open.push(() -> closer.accept(opened));
            return opened;
        } finally {
            lock.unlock();
        }
    }

    /** True when things are taken down because the process was told to stop, and not since all is done or has failed. */
    public boolean toldToStop() {
        return toldToStop;
    }

    /** Takes everything down from another thread than the one that works with it, which gets a moment to notice. */
    public void closeFromOutside() {
        toldToStop = true;
        closing = true;
        try {
            boolean noticed = left.await(SECONDS_TO_NOTICE, TimeUnit.SECONDS);
            LOG.debug("the demo {} that it is to stop", noticed ? "noticed" : "did not notice");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
    }

    /** Says that nobody works with it any more. */
    public void leave() {
        left.countDown();
    }

    /** @throws DemoStoppedException when things are being taken down */
    public void check() {
        if (closing) {
            throw new DemoStoppedException();
        }
    }

    @Override
    public void close() {
        closing = true;
        boolean locked = lockWithin(MOST_SECONDS_TO_OPEN);
        try {
            while (!open.isEmpty()) {
                closeOne(open.pop());
            }
        } finally {
            if (locked) {
                lock.unlock();
            }
        }
    }

    private boolean lockWithin(long seconds) {
        try {
            return lock.tryLock(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** A failure must not keep the rest from being taken down. */
    private static void closeOne(Runnable closer) {
        try {
            closer.run();
        } catch (RuntimeException e) {
            LOG.warn("the demo could not take down one of its own: {}", e.getMessage());
            LOG.debug("the demo could not take down one of its own", e);
        }
    }
}
