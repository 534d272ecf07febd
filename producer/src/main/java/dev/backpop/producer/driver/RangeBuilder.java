package dev.backpop.producer.driver;

import dev.backpop.ledger.NewChunk;
import dev.backpop.row.Key;
import dev.backpop.row.KeyShape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts a stream of keys into ranges that lie end to end, remembering no more than a range's ends. For one thread. */
final class RangeBuilder {
    private final KeyShape shape;
    private final int size;
    private final List<NewChunk> ranges = new ArrayList<>();
    private @Nullable Key after;
    private @Nullable Key first;
    private @Nullable Key last;
    /** Keys up to the end of the last range. */
    private long before;

    private long total;

    RangeBuilder(KeyShape shape, @Nullable Key after, int size) {
        this.shape = shape;
        this.after = after;
        this.size = size;
    }

    /**
     * Takes the next key. Those between the first and the last of a range may be left out.
     *
     * @param number how many keys there are up to this one
     * @throws IllegalStateException when it is not greater than the one before: ranges over keys in another order would lose
     *     rows without a word
     */
    void add(Key key, long number) {
        Key previous = last == null ? after : last;
        if (previous != null && shape.compare(previous, key) >= 0) {
            throw new IllegalStateException("the legacy store's keys do not come in key order, each once: after "
                    + previous + " came " + key + "; a key must be unique and of a type that both sides order alike");
        }
        if (first == null) {
            first = key;
        }
        last = key;
        total = number;
        if (total - before == size) {
            close(first, key);
        }
    }

    private void close(Key from, Key to) {
        ranges.add(NewChunk.range(
                after == null ? null : shape.toJson(after), shape.toJson(from), shape.toJson(to), total - before));
        after = to;
        first = null;
        last = null;
        before = total;
    }

    /**
     * The ranges, never none.
     *
     * @param limit how many keys were asked for: when fewer came there are no more, and the last range reaches the bound even
     *     where the key that made it has gone since
     */
    List<NewChunk> finish(long limit, Key bound) {
        if (total < limit) {
            Key end = after;
            if (first != null) {
                close(first, bound);
            } else if (end == null || shape.compare(end, bound) < 0) {
                close(bound, bound);
            }
        } else if (first != null && last != null) {
            close(first, last);
        }
        return List.copyOf(ranges);
    }

    /** The upper end of the last range, once finished. */
    Key reached(Key bound) {
        Key end = after;
        return end == null ? bound : end;
    }
}
