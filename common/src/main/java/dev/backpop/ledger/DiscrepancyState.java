package dev.backpop.ledger;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** How sure a discrepancy is. */
public enum DiscrepancyState {
    /** Seen, and not yet again. */
    PENDING,
    /** Seen to persist while the legacy row held still. */
    CONFIRMED,
    /** Gone at a later look. */
    RESOLVED;

    /** Of discrepancies that still count against the target. */
    public static final Set<DiscrepancyState> OPEN = Collections.unmodifiableSet(EnumSet.of(PENDING, CONFIRMED));
    /** Every state. */
    public static final Set<DiscrepancyState> ALL = Collections.unmodifiableSet(EnumSet.allOf(DiscrepancyState.class));

    /** As it is written in the ledger. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException for any other word */
    public static DiscrepancyState ofWord(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
