package dev.backpop.campaign;

import java.util.Locale;

/** Where a chunk stands in the ledger. */
public enum ChunkState {
    PLANNED,
    DONE,
    FAILED,
    /** It was too large to be run, and other chunks have taken its place; its keys are theirs. */
    SPLIT;

    /** As it is written in the ledger. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException for any other word */
    public static ChunkState ofWord(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
