package dev.backpop.legacy;

import dev.backpop.row.Key;
import org.jspecify.annotations.Nullable;

/**
 * A key of which no row came, and why.
 *
 * @param sqlState the legacy database's SQLSTATE; null where there is none
 * @param message why, in the words of whatever refused it, with the column where that is known; of excluded and absent keys
 *     the reason under which they are counted, or the evidence
 */
public record FailedRow(Key key, Kind kind, @Nullable String sqlState, String message) {
    /** A row that could not be read or transformed. */
    public FailedRow(Key key, @Nullable String sqlState, String message) {
        this(key, Kind.FAILED, sqlState, message);
    }

    /** What became of the key. */
    public enum Kind {
        /** The row is there, but could not be read or transformed. */
        FAILED,
        /** There may be a row, but this account may not see it; another may. */
        FORBIDDEN,
        /** There is a row, but what it holds is hidden from this account. */
        UNVERIFIABLE,
        /** There is a row, and it is not to be moved. */
        EXCLUDED,
        /** There is no row, and somebody said so: only stores that ask for each key have this evidence. */
        ABSENT
    }
}
