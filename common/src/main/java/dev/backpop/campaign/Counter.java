package dev.backpop.campaign;

import java.util.Locale;

/**
 * A count that a chunk's result carries. Its Redis field, ledger column and metric are named after it.
 *
 * <p>{@code keys.enumerated}, {@code chunks.*} are counted by the driver and by completion itself, not by a chunk's run.
 */
public enum Counter {
    ROWS_READ,
    ROWS_WRITTEN,
    ROWS_UNCHANGED,
    ROWS_GUARDED,
    ROWS_REJECTED,
    ROWS_ABSENT,
    ROWS_EXCLUDED,
    /** Of a backfill: rows whose parent is not in the target yet, kept to be tried again when it is. */
    ROWS_DEFERRED,
    ROWS_MATCHED,
    ROWS_MISMATCHED,
    ROWS_MISSING,
    ROWS_UNEXPECTED,
    ROWS_UNVERIFIABLE,
    ROWS_PENDING,
    /** Rows that the closing sweep removed, because the legacy store had lost them; beside the sum. */
    ROWS_SWEPT,
    /** Rows that the closing sweep wrote again, because they had changed unseen; beside the sum. */
    ROWS_RENEWED;

    /** The field in the campaign's progress hash, such as {@code rows.written}. */
    public String redisField() {
        return column().replace('_', '.');
    }

    /** The column of the ledger's chunk table, such as {@code rows_written}. */
    public String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What is counted, without the {@code rows_}: {@code written}. */
    public String word() {
        return column().substring("rows_".length());
    }
}
