package dev.backpop.worker;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Lets idle threads wait, and wakes all of them when there may be something to do. Thread-safe. */
final class Wakeup {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private long calls;

    /** Waits until the next {@link #wake}, at most for that time. */
    void await(Duration most) {
        lock.lock();
        try {
            long seen = calls;
            long left = most.toNanos();
            while (calls == seen && left > 0) {
                left = woken.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    void wake() {
        lock.lock();
        try {
            calls++;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
