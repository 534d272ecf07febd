package dev.backpop.producer.driver;

import dev.backpop.row.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws keys from a stream of unknown length, each as likely as every other and none twice. One seed and one stream draw the
 * same keys. Holds no more than it draws. Not thread-safe.
 *
 * <p>Source: algorithm R, J. S. Vitter, "Random Sampling with a Reservoir", 1985.
 */
public final class KeyReservoir {
    private final int size;
    private final SplittableRandom random;
    private final List<Key> keys = new ArrayList<>();
    private long seen;

    /** @param size how many keys to draw, at least 1; of a shorter stream all are drawn */
    public KeyReservoir(int size, long seed) {
        if (size < 1) {
            throw new IllegalArgumentException("a sample of " + size + " keys");
        }
        this.size = size;
        this.random = new SplittableRandom(seed);
    }

    /** Takes the stream's next key. */
    public void add(Key key) {
        seen++;
        if (keys.size() < size) {
            keys.add(key);
            return;
        }
        long place = random.nextLong(seen);
        if (place < size) {
            keys.set((int) place, key);
        }
    }

    /** How many keys have come. */
    public long seen() {
        return seen;
    }

    /** Those drawn of what has come, in no order. */
    public List<Key> keys() {
        return List.copyOf(keys);
    }
}
