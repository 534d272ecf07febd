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

/**
 * Compares two rows of one shape, column by column, each by its rule, and names how a value that differs came of the other
 * where that is known. Immutable and thread-safe.
 */
public final class RowComparison {
    private final RowShape shape;
    private final List<ColumnComparator> comparators = new ArrayList<>();

    /**
     * @param rules by column; a column without one is compared exactly
     * @throws IllegalArgumentException when a rule does not fit its column, which {@link RuleFit} finds beforehand
     */
    public RowComparison(RowShape shape, Map<String, Comparison> rules) {
        this.shape = shape;
        for (RowShape.Column column : shape.columns()) {
            Comparison rule = rules.getOrDefault(column.name(), Comparison.EXACT);
            String problem = RuleFit.problem(rule, column.type());
            if (problem != null) {
                throw new IllegalArgumentException("column " + column.name() + ": " + problem);
            }
            comparators.add(new ColumnComparator(rule, column.type().transferOid()));
        }
    }

    /** Whether every column is compared exactly or not at all. */
    public boolean exact() {
        return comparators.stream().allMatch(ColumnComparator::exact);
    }

    /** Compares a row as it should have arrived with the target's. */
    public Compared compare(Row legacy, Row target) {
        List<Integer> different = new ArrayList<>();
        List<String> tolerated = new ArrayList<>();
        for (int i = 0; i < comparators.size(); i++) {
            switch (comparators.get(i).compare(legacy.field(i), target.field(i))) {
                case SAME -> {}
                case TOLERATED -> tolerated.add(shape.columns().get(i).name());
                case DIFFERENT -> different.add(i);
            }
        }
        if (different.isEmpty() && tolerated.isEmpty()) {
            return Compared.EQUAL;
        }
        Map<Integer, Integer> swapped = SwappedColumns.find(shape, different, legacy, target);
        List<Difference> differences = new ArrayList<>();
        for (int i : different) {
            Integer other = swapped.get(i);
            String cause = other == null
                    ? Causes.find(oid(i), legacy.field(i), target.field(i))
                    : "swapped with " + shape.columns().get(other).name();
            if (cause == null) {
                cause = comparators.get(i).cause(legacy.field(i), target.field(i));
            }
            differences.add(new Difference(
                    shape.columns().get(i).name(), text(i, legacy.field(i)), text(i, target.field(i)), cause));
        }
        return new Compared(differences, tolerated);
    }

    private int oid(int column) {
        return shape.columns().get(column).type().transferOid();
    }

    private @Nullable String text(int column, byte @Nullable [] field) {
        return field == null ? null : BinaryValues.text(oid(column), field);
    }
}
