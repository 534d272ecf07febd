package dev.backpop.campaign;

import dev.backpop.problem.InvalidInputException;
import java.util.Locale;

/** What a campaign does to its entity. */
public enum CampaignKind {
    BACKFILL,
    VERIFY,
    REPAIR,
    BACKUP;

    /** As it is written in the ledger, Redis and on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws InvalidInputException for any other word, which a newer build wrote */
    public static CampaignKind ofWord(String word) {
        try {
            return valueOf(word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("the ledger has a campaign of kind '" + word
                    + "', which this build does not know: start a newer one");
        }
    }
}
