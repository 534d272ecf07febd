package dev.backpop.worker;

import dev.backpop.queue.Lease;
import dev.backpop.queue.TaskQueue;
import java.util.Optional;

/** One lane: leases a chunk, runs it, settles it. For one thread. */
final class Lane {
    private final String consumer;
    private final TaskQueue queue;
    private final CampaignRotation rotation;
    private final LaneAllowances allowances;
    private final HeldLeases held;
    private final ChunkExecution execution;

    Lane(
            String consumer,
            TaskQueue queue,
            CampaignRotation rotation,
            LaneAllowances allowances,
            HeldLeases held,
            ChunkExecution execution) {
        this.consumer = consumer;
        this.queue = queue;
        this.rotation = rotation;
        this.allowances = allowances;
        this.held = held;
        this.execution = execution;
    }

    /**
     * Leases and runs at most one chunk.
     *
     * @return false when there was none
     * @throws dev.backpop.problem.StoreUnreachableException when Redis or the ledger cannot be reached; a chunk that was
     *     leased comes back when its lease expires
     */
    boolean runOnce() {
        Optional<Lease> leased = lease();
        if (leased.isEmpty()) {
            return false;
        }
        Lease lease = leased.get();
        held.add(lease);
        try {
            execution.run(lease);
        } finally {
            held.remove(lease);
            allowances.end(lease.campaignId());
        }
        return true;
    }

    /** A lease with the lane that it takes. */
    private Optional<Lease> lease() {
        for (String id : rotation.turn()) {
            if (allowances.begin(id)) {
                Optional<Lease> lease = Optional.empty();
                try {
                    lease = queue.lease(id, consumer);
                } finally {
                    if (lease.isEmpty()) {
                        allowances.end(id);
                    }
                }
                if (lease.isPresent()) {
                    rotation.served(id);
                    return lease;
                }
            }
        }
        held.polled();
        return Optional.empty();
    }
}
