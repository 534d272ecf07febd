package dev.backpop.ledger;

import java.util.Locale;

/** Where a row that could not be written stands. */
public enum RejectState {
    /** It waits for its parent, and is tried again when that is there. */
    DEFERRED,
    /** It stays out until its cause is put right and it is replayed. */
    REJECTED,
    /** A replay found its key in order. */
    RESOLVED;

    /** As it is written in the ledger. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException for any other word */
    public static RejectState ofWord(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
