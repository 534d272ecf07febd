package dev.backpop.ledger;

import dev.backpop.campaign.Discrepancy;
import java.util.List;

/**
 * Discrepancies of one kind that differ in the same columns for the same cause.
 *
 * @param columns the columns that differ; empty for missing and unexpected
 * @param example the first of them; its cause is the group's
 */
public record DiscrepancyGroup(List<String> columns, long count, Discrepancy example) {
    public DiscrepancyGroup {
        columns = List.copyOf(columns);
    }
}
