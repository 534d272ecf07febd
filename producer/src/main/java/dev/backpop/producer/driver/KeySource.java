package dev.backpop.producer.driver;

import dev.backpop.row.Key;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keys to be planned, in key order. */
interface KeySource {
    /**
     * Streams keys.
     *
     * @param after exclusive lower bound; null to start
     * @param limit how many at most
     */
    void keys(@Nullable Key after, long limit, Consumer<Key> consumer);
}
