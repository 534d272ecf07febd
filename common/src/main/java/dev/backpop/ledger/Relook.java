package dev.backpop.ledger;

import static java.util.Objects.requireNonNull;

import dev.backpop.campaign.Sighting;
import org.jspecify.annotations.Nullable;

/**
 * What another look made of a pending discrepancy.
 *
 * @param key as a JSON array
 * @param enumerated whether the key is in the campaign's sum from now on
 * @param sighting what was seen this time; null when there was no difference, and only then is it resolved
 */
public record Relook(
        String key,
        DiscrepancyState state,
        boolean enumerated,
        @Nullable Sighting sighting) {
    public Relook {
        requireNonNull(key, "key is null");
        if ((state == DiscrepancyState.RESOLVED) != (sighting == null)) {
            throw new IllegalArgumentException(
                    key + " is " + state.word() + (sighting == null ? " without" : " with") + " a difference");
        }
    }
}
