package dev.backpop.compare;

import dev.backpop.row.BinaryValues;
import dev.backpop.row.Row;
import dev.backpop.row.RowShape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds columns of one row whose values stand in each other's place. */
final class SwappedColumns {
    private static final int BOOLEAN = 16;

    private SwappedColumns() {}

    /**
     * @param different the columns that differ
     * @return each swapped column with the other one; booleans are left out, since two that are inverted look the same
     */
    static Map<Integer, Integer> find(RowShape shape, List<Integer> different, Row legacy, Row target) {
        Map<Integer, Integer> swapped = new HashMap<>();
        for (int i = 0; i < different.size(); i++) {
            int one = different.get(i);
            int oid = oid(shape, one);
            for (int j = i + 1; j < different.size() && oid != BOOLEAN && !swapped.containsKey(one); j++) {
                int other = different.get(j);
                if (oid == oid(shape, other)
                        && !swapped.containsKey(other)
                        && same(oid, legacy.field(one), target.field(other))
                        && same(oid, legacy.field(other), target.field(one))) {
                    swapped.put(one, other);
                    swapped.put(other, one);
                }
            }
        }
        return swapped;
    }

    private static int oid(RowShape shape, int column) {
        return shape.columns().get(column).type().transferOid();
    }

    private static boolean same(int oid, byte @Nullable [] left, byte @Nullable [] right) {
        if (left == null || right == null) {
            return left == null && right == null;
        }
        return BinaryValues.sameValue(oid, left, right);
    }
}
