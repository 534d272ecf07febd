package dev.backpop.worker;

import dev.backpop.queue.TaskQueue;
import java.util.HashSet;
import java.util.Set;

/** Puts retries whose time has come back on the queue, for every active campaign. Any number of workers do this. */
final class Housekeeper {
    private static final int AT_ONCE = 100;

    private final TaskQueue queue;
    private final CampaignRotation rotation;
    private final OpenCampaigns campaigns;
    private final CampaignHolds holds;
    private final HeldLeases held;

    Housekeeper(
            TaskQueue queue, CampaignRotation rotation, OpenCampaigns campaigns, CampaignHolds holds, HeldLeases held) {
        this.queue = queue;
        this.rotation = rotation;
        this.held = held;
        this.campaigns = campaigns;
        this.holds = holds;
    }

    /** @throws dev.backpop.problem.StoreUnreachableException when Redis cannot be reached */
    void runOnce() {
        rotation.turn();
        for (String id : rotation.active()) {
            queue.promoteDue(id, AT_ONCE);
        }
        Set<String> open = new HashSet<>(rotation.active());
        // After a flush Redis knows no campaign, and the chunks that run still need their stores.
        held.all().forEach(lease -> open.add(lease.campaignId()));
        campaigns.keepOnly(open);
        holds.keepOnly(rotation.active());
    }
}
