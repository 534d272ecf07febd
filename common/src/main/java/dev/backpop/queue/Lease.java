package dev.backpop.queue;

import static java.util.Objects.requireNonNull;

/**
 * A worker's renewable right to one chunk. It is void as soon as the entry was delivered again, be it to the same
 * consumer: the number of deliveries fences off the earlier holder.
 *
 * @param entryId the entry of the task stream
 * @param chunkNo from 1
 * @param consumer who holds it
 * @param deliveries how often the entry was delivered, this time included; from 1
 */
public record Lease(String campaignId, String entryId, int chunkNo, String consumer, long deliveries) {
    public Lease {
        requireNonNull(campaignId, "campaignId is null");
        requireNonNull(entryId, "entryId is null");
        requireNonNull(consumer, "consumer is null");
        if (chunkNo < 1 || deliveries < 1) {
            throw new IllegalArgumentException("no lease: chunk " + chunkNo + ", delivery " + deliveries);
        }
    }
}
