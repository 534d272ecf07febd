package dev.backpop.ledger;

import org.jspecify.annotations.Nullable;

/**
 * How often one column differs for one cause, over a campaign's confirmed discrepancies.
 *
 * @param cause null where none is known
 */
public record ColumnCause(String column, @Nullable String cause, long rows) {}
