package dev.backpop.campaign;

import dev.backpop.problem.InvalidInputException;
import java.util.Locale;

/** Which of a campaign's passes over its keys a chunk belongs to. */
public enum ChunkPass {
    /** The first look at every key. Only the keys of these chunks are enumerated. */
    MAIN,
    /** Another try at keys that were rejected or deferred, which moves them from one count to another. */
    REPLAY,
    /** The closing sweep of a backfill: what live writers did to rows that were not there yet. */
    CLOSING,
    /** Another look of a verification at keys that did not match, which moves them from one count to another. */
    RECHECK;

    /** As it is written in the ledger. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws InvalidInputException for any other word, which a newer build wrote */
    public static ChunkPass ofWord(String word) {
        try {
            return valueOf(word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(
                    "the ledger has a chunk of pass '" + word + "', which this build does not know: start a newer one");
        }
    }
}
