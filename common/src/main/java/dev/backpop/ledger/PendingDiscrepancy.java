package dev.backpop.ledger;

import dev.backpop.campaign.Discrepancy;

/**
 * A discrepancy that is to be looked at again, with what the last look saw.
 *
 * @param key as a JSON array
 * @param enumerated whether its key is in the campaign's sum, where it counts as pending; a row that was unexpected is not
 */
public record PendingDiscrepancy(
        String key, Discrepancy.Kind kind, boolean enumerated, String legacyMark, String targetMark) {}
