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
 */
public record Reject(
        String key,
        Stage stage,
        @Nullable String sqlState,
        @Nullable String constraint,
        @Nullable String column,
        String message,
        @Nullable String source) {
    /** Where on its way a row was refused. */
    public enum Stage {
        FETCH,
        TRANSFORM,
        WRITE;

        /** As it is written in the ledger. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
