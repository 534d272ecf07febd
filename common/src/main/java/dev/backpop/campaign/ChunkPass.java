package dev.backpop.campaign;

import java.util.Locale;

/** Which of a campaign's passes over its keys a chunk belongs to. */
public enum ChunkPass {
    /** The first look at every key. Only the keys of these chunks are enumerated. */
    MAIN,
    /** Another try at keys that were rejected or deferred, which moves them from one count to another. */
    REPLAY,
    /** The closing sweep of a backfill: what live writers did to rows that were not there yet. */
    CLOSING;

    /** As it is written in the ledger. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException for any other word */
    public static ChunkPass ofWord(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
