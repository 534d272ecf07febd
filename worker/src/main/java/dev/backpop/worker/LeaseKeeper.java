package dev.backpop.worker;

import dev.backpop.queue.Heartbeats;
import dev.backpop.queue.Lease;
import dev.backpop.queue.TaskQueue;
import dev.backpop.queue.WorkerStatus;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews the leases of every lane and tells Redis that this worker is alive. For one thread. */
final class LeaseKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

    private final TaskQueue queue;
    private final HeldLeases held;
    private final Heartbeats heartbeats;
    private final Supplier<WorkerStatus> status;

    LeaseKeeper(TaskQueue queue, HeldLeases held, Heartbeats heartbeats, Supplier<WorkerStatus> status) {
        this.queue = queue;
        this.held = held;
        this.heartbeats = heartbeats;
        this.status = status;
    }

    /** @throws dev.backpop.problem.StoreUnreachableException when Redis cannot be reached; leases may expire then */
    void runOnce() {
        List<Lease> leases = held.all();
        for (Lease lease : leases) {
            if (!queue.renew(lease) && held.all().contains(lease)) {
                // Not stopped: the ledger's lock decides who writes, and this run may well be the first to commit.
                LOG.warn("the lease of {}#{} is lost", lease.campaignId(), lease.chunkNo());
            }
        }
        if (!leases.isEmpty()) {
            held.polled();
        }
        heartbeats.beat(status.get());
    }
}
