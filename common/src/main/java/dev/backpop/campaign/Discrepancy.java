package dev.backpop.campaign;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One key whose target is not what the legacy store says.
 *
 * @param key as a JSON array
 * @param columns what differs; empty for missing and unexpected, but for the key's where the row is found under another one
 * @param cause what is known of why, such as the reject that explains a missing row; null when nothing is
 */
public record Discrepancy(
        String key,
        Kind kind,
        List<Difference> columns,
        @Nullable String cause) {
    public Discrepancy {
        columns = List.copyOf(columns);
    }

    /** How the target differs from the legacy store. */
    public enum Kind {
        MISSING,
        MISMATCHED,
        UNEXPECTED;

        /** As it is written in the ledger. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * One column's two values as text; null is SQL NULL.
     *
     * @param cause how the one came of the other, in words that are the same for every row it happened to, such as {@code
     *     case}; null when it is not known
     */
    public record Difference(
            String column,
            @Nullable String legacy,
            @Nullable String target,
            @Nullable String cause) {}
}
