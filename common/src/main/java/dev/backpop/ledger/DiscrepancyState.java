package dev.backpop.ledger;

import java.util.Locale;

/** How sure a discrepancy is. */
public enum DiscrepancyState {
    /** Seen, and not yet again. */
    PENDING,
    /** Seen to persist while the legacy row held still. */
    CONFIRMED,
    /** Gone at a later look. */
    RESOLVED;

    /** As it is written in the ledger. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException for any other word */
    public static DiscrepancyState ofWord(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
