package dev.backpop.ledger;

import dev.backpop.campaign.Discrepancy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Discrepancies of one kind that differ in the same columns for the same causes.
 *
 * @param columns the columns that differ; empty for missing and unexpected
 * @param cause the row's cause, with {@code …} for the keys and values in it, which may differ from row to row; null for
 *     none
 * @param example the first of them; the causes of its columns are the group's
 * @param last the last of them; of a group of one, the same
 */
public record DiscrepancyGroup(
        List<String> columns, @Nullable String cause, long count, Discrepancy example, Discrepancy last) {
    public DiscrepancyGroup {
        columns = List.copyOf(columns);
    }

    /** The cause of each column, in the order of {@link #columns}, an empty text where none is known. */
    public List<String> columnCauses() {
        return example.columns().stream()
                .map(difference -> {
                    String known = difference.cause();
                    return known == null ? "" : known;
                })
                .toList();
    }
}
