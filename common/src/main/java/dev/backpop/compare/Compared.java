package dev.backpop.compare;

import dev.backpop.campaign.Discrepancy;
import java.util.List;

/**
 * What comparing two rows found. Immutable and thread-safe.
 *
 * @param differences the columns that differ, with both values and the cause where it is known
 * @param tolerated the columns that differ and whose rule lets that pass
 */
public record Compared(List<Discrepancy.Difference> differences, List<String> tolerated) {
    /** Of two rows that are the same in every column. */
    public static final Compared EQUAL = new Compared(List.of(), List.of());

    public Compared {
        differences = List.copyOf(differences);
        tolerated = List.copyOf(tolerated);
    }

    /** Whether no column differs by its rule. */
    public boolean equal() {
        return differences.isEmpty();
    }
}
