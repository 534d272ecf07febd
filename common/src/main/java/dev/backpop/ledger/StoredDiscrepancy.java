package dev.backpop.ledger;

import dev.backpop.campaign.Discrepancy;
import java.time.Instant;

/**
 * A discrepancy as the ledger has it.
 *
 * @param chunkNo 0 for a target row outside every chunk
 * @param checks how often it was seen
 */
public record StoredDiscrepancy(
        int chunkNo,
        DiscrepancyState state,
        Instant firstSeen,
        Instant lastSeen,
        int checks,
        Discrepancy discrepancy) {}
