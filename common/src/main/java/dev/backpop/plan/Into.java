package dev.backpop.plan;

import java.util.List;

/**
 * Where an entity goes.
 *
 * @param table {@code name} or {@code schema.name}; parts may be double-quoted
 * @param key the target's key columns, in the order of the legacy key
 */
public record Into(String table, List<String> key) {
    public Into {
        key = List.copyOf(key);
    }
}
