package dev.backpop.worker;

import dev.backpop.campaign.Campaign;
import dev.backpop.stores.EntityStores;
import dev.backpop.stores.PlanStores;

/** A campaign with its stores open, its entity open in them and its runner ready. */
record OpenCampaign(Campaign campaign, PlanStores stores, EntityStores entity, ChunkRunner runner)
        implements AutoCloseable {
    @Override
    public void close() {
        stores.close();
    }
}
