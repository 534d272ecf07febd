package dev.backpop.legacy.reddit;

import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Keys of two numbers: of a post or channel, and of something that belongs to it. One whose second number is the greatest of all
 * stands for the whole group, and no other key is planned. Thread-safe.
 */
final class Groups {
    private static final long WHOLE = Long.MAX_VALUE;

    private final DenseThings things;

    Groups(DenseThings things) {
        this.things = things;
    }

    static Key key(long group, long member) {
        return Key.of(Long.toString(group), Long.toString(member));
    }

    static Key whole(long group) {
        return key(group, WHOLE);
    }

    static boolean isWhole(Key key) {
        return member(key) == WHOLE;
    }

    static long group(Key key) {
        return Long.parseLong(key.parts().get(0));
    }

    static long member(Key key) {
        return Long.parseLong(key.parts().get(1));
    }

    /** As {@link dev.backpop.legacy.LegacyEntity#lastKey}. */
    Optional<Key> lastKey(@Nullable Key from, @Nullable Key to) {
        long newest = things.end(to == null ? null : Long.valueOf(group(to)));
        Key last = to != null && group(to) <= newest ? to : whole(newest);
        return group(last) >= first(from, null) && group(last) > 0 ? Optional.of(last) : Optional.empty();
    }

    /** As {@link dev.backpop.legacy.LegacyEntity#keys}. */
    void keys(@Nullable Key from, @Nullable Key after, Key upTo, long limit, Consumer<Key> consumer) {
        if (after != null && after.equals(upTo)) {
            return;
        }
        // The last group may be wanted in part: then the bound itself is the last key.
        LongStream.rangeClosed(first(from, after), group(upTo))
                .limit(limit)
                .forEach(group -> consumer.accept(group == group(upTo) ? upTo : whole(group)));
    }

    /** The groups that a range has anything of. */
    LongStream in(KeySelection.Range range) {
        Key last = range.last();
        long first = first(range.from(), range.after());
        return LongStream.rangeClosed(first, things.end(first, last == null ? null : Long.valueOf(group(last))));
    }

    private static long first(@Nullable Key from, @Nullable Key after) {
        long first = from == null ? 1 : group(from);
        if (after == null) {
            return Math.max(1, first);
        }
        return Math.max(1, Math.max(first, isWhole(after) ? group(after) + 1 : group(after)));
    }
}
