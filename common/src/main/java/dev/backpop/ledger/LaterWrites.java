package dev.backpop.ledger;

import java.time.Instant;
import java.util.List;

/**
 * What may have been written to an entity since a verification of it began.
 *
 * @param now the ledger's clock
 * @param campaigns how many backfills and repairs of the same plan and entity were created, ran or ended since
 * @param newest the ids of the newest of them, newest first
 */
public record LaterWrites(Instant now, long campaigns, List<String> newest) {
    public LaterWrites {
        newest = List.copyOf(newest);
    }
}
