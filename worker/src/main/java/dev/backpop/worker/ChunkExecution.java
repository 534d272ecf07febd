package dev.backpop.worker;

import dev.backpop.campaign.Chunk;
import dev.backpop.campaign.ChunkState;
import dev.backpop.campaign.Counters;
import dev.backpop.ledger.Ledger;
import dev.backpop.legacy.LegacyUnavailableException;
import dev.backpop.postgres.SqlFailure;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.StoreUnreachableException;
import dev.backpop.queue.Lease;
import dev.backpop.queue.TaskQueue;
import dev.backpop.worker.metrics.ChunkResult;
import dev.backpop.worker.metrics.WorkerMetrics;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the chunk of a lease and settles it: done, tried again later, handed back, or set aside. Thread-safe.
 *
 * <p>Faults of a store hand the chunk back and hold its campaign, and burn no attempt; faults of the chunk burn one.
 */
final class ChunkExecution {
    /** After so many deliveries without a word a chunk is taken to kill its workers. */
    static final int MOST_DELIVERIES = 5;

    private static final Logger LOG = LoggerFactory.getLogger(ChunkExecution.class);

    private final String worker;
    private final Ledger ledger;
    private final TaskQueue queue;
    private final OpenCampaigns campaigns;
    private final CampaignHolds holds;
    private final Retries retries;
    private final WorkerMetrics metrics;

    ChunkExecution(
            String worker,
            Ledger ledger,
            TaskQueue queue,
            OpenCampaigns campaigns,
            CampaignHolds holds,
            Retries retries,
            WorkerMetrics metrics) {
        this.worker = worker;
        this.ledger = ledger;
        this.queue = queue;
        this.campaigns = campaigns;
        this.holds = holds;
        this.retries = retries;
        this.metrics = metrics;
    }

    void run(Lease lease) {
        long begin = System.nanoTime();
        metrics.chunk(settle(lease), Duration.ofNanos(System.nanoTime() - begin));
    }

    private ChunkResult settle(Lease lease) {
        try {
            Optional<Chunk> chunk = ledger.chunk(lease.campaignId(), lease.chunkNo());
            if (chunk.isEmpty()) {
                queue.setAside(lease, "the ledger has no such chunk");
                LOG.warn("{} is in Redis but not in the ledger: set aside", name(lease));
                return ChunkResult.FAILED;
            }
            if (chunk.get().state() != ChunkState.PLANNED) {
                return settleFinished(lease, chunk.get());
            }
            if (lease.deliveries() > MOST_DELIVERIES) {
                return giveUp(
                        lease,
                        "set aside after " + MOST_DELIVERIES + " deliveries: every worker that ran it died or lost its"
                                + " lease before it could say why; look at their logs for memory or crashes");
            }
            return attempt(lease, chunk.get());
        } catch (StoreUnreachableException e) {
            return handBack(lease, String.valueOf(e.getMessage()));
        }
    }

    private ChunkResult attempt(Lease lease, Chunk chunk) {
        try {
            OpenCampaign campaign = campaigns.get(lease.campaignId());
            Optional<Counters> counted = campaign.runner().run(chunk);
            holds.worked(lease.campaignId());
            if (counted.isEmpty()) {
                return settleFinished(
                        lease, ledger.chunk(lease.campaignId(), lease.chunkNo()).orElse(chunk));
            }
            metrics.rows(counted.get());
            if (!queue.complete(lease, counted.get())) {
                // Whoever has the lease now finds the chunk done and counts it.
                LOG.info("{} is done, though its lease was lost meanwhile", name(lease));
            }
            return ChunkResult.DONE;
        } catch (LegacyUnavailableException e) {
            return handBack(lease, String.valueOf(e.getMessage()));
        } catch (InvalidInputException e) {
            return handBack(lease, "worker " + worker + " cannot run it: " + e.getMessage());
        } catch (SQLException e) {
            return settleFailure(lease, e);
        } catch (StoreUnreachableException e) {
            throw e;
        } catch (RuntimeException e) {
            // Whatever it is, the chunk must come to an end that says so, and not run out of deliveries in silence.
            LOG.warn("{} failed", name(lease), e);
            return failed(lease, e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    /** The chunk was done, or given up, by somebody else: only Redis does not know yet. */
    private ChunkResult settleFinished(Lease lease, Chunk chunk) {
        switch (chunk.state()) {
            case DONE -> queue.complete(lease, chunk.counters());
            case FAILED -> queue.setAside(lease, String.valueOf(chunk.lastError()));
            case SPLIT -> queue.setAside(lease, "split into smaller chunks");
            case PLANNED -> queue.release(lease);
        }
        return ChunkResult.LOST;
    }

    private ChunkResult settleFailure(Lease lease, SQLException failure) {
        String reason = SqlFailure.message(failure);
        if (SqlFailure.of(failure) == SqlFailure.UNAVAILABLE) {
            return handBack(lease, "the target does not take writes: " + reason);
        }
        LOG.warn("{} failed: {}", name(lease), reason);
        if (SqlFailure.of(failure) == SqlFailure.PERMANENT) {
            campaigns.forget(lease.campaignId());
        }
        return failed(lease, reason);
    }

    private ChunkResult failed(Lease lease, String reason) {
        int attempts = ledger.recordAttempt(lease.campaignId(), lease.chunkNo(), worker, reason);
        if (attempts >= Retries.MOST_ATTEMPTS) {
            return giveUp(lease, reason);
        }
        queue.retryLater(lease, retries.delay(attempts));
        return ChunkResult.RETRIED;
    }

    private ChunkResult giveUp(Lease lease, String reason) {
        if (!ledger.failChunk(lease.campaignId(), lease.chunkNo(), reason)) {
            Optional<Chunk> chunk = ledger.chunk(lease.campaignId(), lease.chunkNo());
            if (chunk.isPresent()) {
                return settleFinished(lease, chunk.get());
            }
        }
        queue.setAside(lease, reason);
        LOG.warn("{} set aside: {}", name(lease), reason);
        return ChunkResult.FAILED;
    }

    private ChunkResult handBack(Lease lease, String reason) {
        // Where the lease was lost, as to a stop that handed it back, whoever has the chunk finds out for itself.
        if (queue.release(lease)) {
            holds.hold(lease.campaignId(), reason);
        }
        return ChunkResult.RELEASED;
    }

    private static String name(Lease lease) {
        return lease.campaignId() + "#" + lease.chunkNo();
    }
}
