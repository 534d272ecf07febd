package dev.backpop.worker.verify;

import dev.backpop.campaign.Discrepancy.Difference;
import dev.backpop.row.BinaryValues;
import dev.backpop.row.Row;
import dev.backpop.row.RowShape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares two rows of one shape, column by column, by value. Immutable and thread-safe. */
final class RowComparison {
    private final RowShape shape;

    RowComparison(RowShape shape) {
        this.shape = shape;
    }

    /** The columns in which the rows differ, with both values as text; empty when they are equal. */
    List<Difference> differences(Row legacy, Row target) {
        List<Difference> differences = new ArrayList<>();
        for (int i = 0; i < shape.columns().size(); i++) {
            RowShape.Column column = shape.columns().get(i);
            int oid = column.type().transferOid();
            byte[] left = legacy.field(i);
            byte[] right = target.field(i);
            if (!same(oid, left, right)) {
                differences.add(new Difference(column.name(), text(oid, left), text(oid, right)));
            }
        }
        return differences;
    }

    private static boolean same(int oid, byte @Nullable [] left, byte @Nullable [] right) {
        if (left == null || right == null) {
            return left == null && right == null;
        }
        return BinaryValues.sameValue(oid, left, right);
    }

    private static @Nullable String text(int oid, byte @Nullable [] field) {
        return field == null ? null : BinaryValues.text(oid, field);
    }
}
