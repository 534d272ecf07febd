package dev.backpop.producer.live;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Which keys the old table has, and who is writing them: the application writes one key after the other. Thread-safe; what
 * is asked and said of a key is asked and said by the thread that has taken it.
 */
final class LiveKeys {
    private final ReentrantLock[] locks;
    private final boolean[] present;
    private final ReentrantReadWriteLock all = new ReentrantReadWriteLock();
    private volatile boolean allWanted;

    /** @param last the greatest key; 1 is the least */
    LiveKeys(int last, IntPredicate presentAtFirst) {
        locks = new ReentrantLock[last + 1];
        present = new boolean[last + 1];
        for (int key = 1; key <= last; key++) {
            locks[key] = new ReentrantLock();
            present[key] = presentAtFirst.test(key);
        }
    }

    int last() {
        return locks.length - 1;
    }

    /** False when somebody has it, this thread included. */
    boolean tryTake(int key) {
        if (allWanted || locks[key].isHeldByCurrentThread() || !all.readLock().tryLock()) {
            return false;
        }
        if (locks[key].tryLock()) {
            return true;
        }
        all.readLock().unlock();
        return false;
    }

    void release(Collection<Integer> keys) {
        for (int key : keys) {
            locks[key].unlock();
            all.readLock().unlock();
        }
    }

    /** Waits until nobody has any. */
    void takeAll() {
        allWanted = true;
        all.writeLock().lock();
    }

    void releaseAll() {
        allWanted = false;
        all.writeLock().unlock();
    }

    boolean present(int key) {
        return present[key];
    }

    void changed(Change change) {
        change.gone().forEach(key -> present[key] = false);
        change.written().forEach(key -> present[key] = true);
    }

    void truncated() {
        Arrays.fill(present, false);
    }

    /** To be asked when nobody writes any more. */
    List<String> present() {
        return IntStream.rangeClosed(1, last())
                .filter(key -> present[key])
                .mapToObj(String::valueOf)
                .toList();
    }
}
