package dev.backpop.producer.driver;

import dev.backpop.legacy.LegacyEntity.EdgeConsumer;
import dev.backpop.row.Key;
import org.jspecify.annotations.Nullable;

/** Keys to be planned as ranges, in key order. */
interface EdgeSource {
    /**
     * Streams the first and the last key of each run.
     *
     * @param after exclusive lower bound; null to start
     * @param size keys in a run
     * @param limit how many keys at most
     */
    void edges(@Nullable Key after, int size, long limit, EdgeConsumer consumer);
}
