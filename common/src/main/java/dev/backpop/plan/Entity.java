package dev.backpop.plan;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One kind of record: where it comes from, where it goes, how columns map and how it is guarded, compared and verified.
 *
 * @param name letters, digits, {@code -} and {@code _}
 * @param parents names of the entities that must be moved first
 * @param columns one rule for each mapped target column, key columns included, in the plan's order
 * @param compare how mapped columns are compared, in the plan's order; a column that is not there is compared exactly
 */
public record Entity(
        String name,
        List<String> parents,
        From from,
        Into into,
        List<ColumnRule> columns,
        Guard guard,
        Map<String, Comparison> compare,
        Verification verification) {
    public Entity {
        parents = List.copyOf(parents);
        columns = List.copyOf(columns);
        compare = Collections.unmodifiableMap(new LinkedHashMap<>(compare));
    }

    /** An entity whose columns are all compared exactly, verified as by default. */
    public Entity(String name, List<String> parents, From from, Into into, List<ColumnRule> columns, Guard guard) {
        this(name, parents, from, into, columns, guard, Map.of(), Verification.DEFAULTS);
    }

    /** How a mapped column is compared; exactly unless the plan says otherwise. */
    public Comparison comparison(String column) {
        return compare.getOrDefault(column, Comparison.EXACT);
    }

    /** The mapped columns that a verification looks at: all that are not ignored, and the key in any case. */
    public Set<String> comparedColumns() {
        return columns.stream()
                .map(ColumnRule::column)
                .filter(column -> into.key().contains(column) || !(comparison(column) instanceof Comparison.Ignore))
                .collect(Collectors.toUnmodifiableSet());
    }
}
