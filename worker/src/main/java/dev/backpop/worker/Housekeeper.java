package dev.backpop.worker;

import dev.backpop.queue.TaskQueue;

/** Puts retries whose time has come back on the queue, for every active campaign. Any number of workers do this. */
final class Housekeeper {
    private static final int AT_ONCE = 100;

    private final TaskQueue queue;
    private final CampaignRotation rotation;
    private final OpenCampaigns campaigns;
    private final CampaignHolds holds;

    Housekeeper(TaskQueue queue, CampaignRotation rotation, OpenCampaigns campaigns, CampaignHolds holds) {
        this.queue = queue;
        this.rotation = rotation;
        this.campaigns = campaigns;
        this.holds = holds;
    }

    /** @throws dev.backpop.problem.StoreUnreachableException when Redis cannot be reached */
    void runOnce() {
        rotation.turn();
        for (String id : rotation.active()) {
            queue.promoteDue(id, AT_ONCE);
        }
        campaigns.keepOnly(rotation.active());
        holds.keepOnly(rotation.active());
    }
}
