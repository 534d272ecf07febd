package dev.backpop.ledger;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A person's word that a verification is good enough to act on. Never changed; a later one stands before it.
 *
 * @param note why, or under which conditions; null for none
 * @param tolerated the words of the kinds of faults that were let pass; empty where nothing was
 * @param verdict what was signed, as JSON
 * @param signedAt by the ledger's clock
 */
public record SignOff(
        String campaignId,
        String plan,
        String entity,
        String signedBy,
        @Nullable String note,
        List<String> tolerated,
        String verdict,
        Instant signedAt) {
    public SignOff {
        tolerated = List.copyOf(tolerated);
    }
}
