package dev.backpop.plan;

import java.util.List;

/**
 * One kind of record: where it comes from, where it goes, how columns map and how it is guarded.
 *
 * @param name letters, digits, {@code -} and {@code _}
 * @param parents names of the entities that must be moved first
 * @param columns one rule for each mapped target column, key columns included, in the plan's order
 */
public record Entity(String name, List<String> parents, From from, Into into, List<ColumnRule> columns, Guard guard) {
    public Entity {
        parents = List.copyOf(parents);
        columns = List.copyOf(columns);
    }
}
