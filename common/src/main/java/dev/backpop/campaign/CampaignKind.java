package dev.backpop.campaign;

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

    /** @throws IllegalArgumentException for any other word */
    public static CampaignKind ofWord(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
