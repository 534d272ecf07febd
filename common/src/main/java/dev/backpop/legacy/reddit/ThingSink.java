package dev.backpop.legacy.reddit;

import dev.backpop.legacy.FailedRow;
import dev.backpop.row.Key;
import tools.jackson.databind.node.ObjectNode;

/** Takes what is found of things; called by many threads at once. */
interface ThingSink {
    /** @param data what Reddit says of the thing; the sink's own from here on */
    void found(Key key, ObjectNode data);

    void failed(FailedRow row);

    /** As {@link #failed}, of the key that stands for a whole group of which the selection may want only a part. */
    void failedWhole(FailedRow row);
}
