package dev.backpop.legacy.reddit;

import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How the things of one kind are enumerated and found. Thread-safe. */
interface ThingSource {
    /** The greatest number that is walked to; asks the server. */
    long newest();

    Optional<Key> lastKey(@Nullable Key from, @Nullable Key to);

    /** As {@link dev.backpop.legacy.LegacyEntity#keys}. */
    void keys(@Nullable Key from, @Nullable Key after, Key upTo, long limit, Consumer<Key> consumer);

    /**
     * Asks for everything of a selection; each key may be told of more than once.
     *
     * @param sink need not take keys that are not of the selection, and is told of some
     */
    void find(KeySelection selection, ThingSink sink);
}
