package dev.backpop.worker;

import dev.backpop.campaign.Campaign;
import dev.backpop.stores.PlanStores;

/** A campaign with its stores open and its runner ready. */
record OpenCampaign(Campaign campaign, PlanStores stores, ChunkRunner runner) implements AutoCloseable {
    @Override
    public void close() {
        stores.close();
    }
}
