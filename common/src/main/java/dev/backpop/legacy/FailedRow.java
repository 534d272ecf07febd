package dev.backpop.legacy;

import dev.backpop.row.Key;
import org.jspecify.annotations.Nullable;

/**
 * A row that exists in the legacy store but could not be read or transformed.
 *
 * @param sqlState the legacy database's SQLSTATE; null where there is none
 * @param message why, in the words of whatever refused it, with the column where that is known
 */
public record FailedRow(Key key, @Nullable String sqlState, String message) {}
