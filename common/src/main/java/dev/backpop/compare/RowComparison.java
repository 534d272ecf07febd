package dev.backpop.compare;

import dev.backpop.campaign.Discrepancy.Difference;
import dev.backpop.plan.Comparison;
import dev.backpop.row.BinaryValues;
import dev.backpop.row.Row;
import dev.backpop.row.RowShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compares two rows of one shape, column by column, each by its rule. Immutable and thread-safe. */
public final class RowComparison {
    private final RowShape shape;
    private final List<Comparison> rules;

    /** @param rules by column; a column without one is compared exactly */
    public RowComparison(RowShape shape, Map<String, Comparison> rules) {
        this.shape = shape;
        this.rules = shape.columns().stream()
                .map(column -> rules.getOrDefault(column.name(), Comparison.EXACT))
                .toList();
    }

    /** Whether every column is compared exactly or not at all, so that what is equal is equal by its bytes or hash. */
    public boolean exact() {
        return rules.stream().allMatch(rule -> rule instanceof Comparison.Exact || rule instanceof Comparison.Ignore);
    }

    /** Compares a row as it should have arrived with the target's. */
    public Compared compare(Row legacy, Row target) {
        List<Difference> differences = new ArrayList<>();
        for (int i = 0; i < shape.columns().size(); i++) {
            RowShape.Column column = shape.columns().get(i);
            int oid = column.type().transferOid();
            byte[] left = legacy.field(i);
            byte[] right = target.field(i);
            if (!(rules.get(i) instanceof Comparison.Ignore) && !same(oid, left, right)) {
                differences.add(new Difference(column.name(), text(oid, left), text(oid, right), null));
            }
        }
        return new Compared(differences, List.of());
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
