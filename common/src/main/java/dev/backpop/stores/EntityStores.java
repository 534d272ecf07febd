package dev.backpop.stores;

import dev.backpop.legacy.FailedRow;
import dev.backpop.legacy.LegacyEntity;
import dev.backpop.plan.Entity;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.RowShape;
import dev.backpop.target.TargetTable;
import java.util.function.Consumer;

/**
 * One entity, opened on both sides.
 *
 * @param shape how its rows travel
 */
public record EntityStores(Entity entity, TargetTable table, RowShape shape, LegacyEntity legacy) {
    /**
     * Streams those keys of a chunk that the legacy store has, rows that cannot be transformed or are not to be moved included,
     * and those that it does not show; in no order.
     *
     * @throws dev.backpop.legacy.LegacyUnavailableException when it cannot be asked
     */
    public void legacyKeys(KeySelection selection, Consumer<Key> keys) {
        if (legacy.listsRows() && selection instanceof KeySelection.Range range) {
            Key last = range.last();
            if (last == null) {
                throw new IllegalArgumentException("a chunk without an end");
            }
            legacy.keys(range.from(), range.after(), last, Long.MAX_VALUE, keys);
            return;
        }
        legacy.fetch(selection, rows -> rows.forEach(row -> keys.accept(shape.keyOf(row)))).stream()
                .filter(failed -> failed.kind() != FailedRow.Kind.ABSENT)
                .forEach(failed -> keys.accept(failed.key()));
    }
}
