package dev.backpop.campaign;

import org.jspecify.annotations.Nullable;

/**
 * One row that could not be written, replayable.
 *
 * @param key as a JSON array
 * @param sqlState null where the refusal has none
 * @param constraint the violated constraint; null where there is none
 * @param column the column at fault; null where it is not known
 * @param source the source document as JSON text; null when it could not be had
 * @param parent the row that it waits for, which makes it deferred; null for a row that is rejected
 */
public record Reject(
        String key,
        Stage stage,
        @Nullable String sqlState,
        @Nullable String constraint,
        @Nullable String column,
        String message,
        @Nullable String source,
        @Nullable Parent parent) {
    /** A row that is rejected. */
    public Reject(
            String key,
            Stage stage,
            @Nullable String sqlState,
            @Nullable String constraint,
            @Nullable String column,
            String message,
            @Nullable String source) {
        this(key, stage, sqlState, constraint, column, message, source, null);
    }

    /**
     * The row that a deferred one refers to.
     *
     * @param table quoted, with its schema
     * @param key the referenced columns' values as a JSON array; null when they cannot be told from the row
     */
    public record Parent(String table, @Nullable String key) {}

    /** Where on its way a row was refused. */
    public enum Stage {
        FETCH,
        TRANSFORM,
        WRITE,
        /** The closing sweep found it changed, and could not follow. */
        CLOSING;

        /** As it is written in the ledger. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
