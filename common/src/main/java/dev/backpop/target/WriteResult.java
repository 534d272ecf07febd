package dev.backpop.target;

import dev.backpop.row.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a batch of rows: the counts and the rejected rows add up to the batch.
 *
 * @param written inserted or updated
 * @param unchanged found equal, not written
 * @param guarded found different, not overwritten because of the guard
 */
public record WriteResult(long written, long unchanged, long guarded, List<Rejected> rejected) {
    /** A row that the target refused. */
    public record Rejected(
            Row row,
            String sqlState,
            @Nullable String constraint,
            @Nullable String column,
            String message) {}

    public WriteResult {
        rejected = List.copyOf(rejected);
    }
}
