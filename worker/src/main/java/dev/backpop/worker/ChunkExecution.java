package dev.backpop.worker;

import dev.backpop.campaign.Chunk;
import dev.backpop.campaign.ChunkState;
import dev.backpop.campaign.Counters;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.NewChunk;
import dev.backpop.legacy.LegacyHeldException;
import dev.backpop.legacy.LegacyOverloadedException;
import dev.backpop.legacy.LegacyUnavailableException;
import dev.backpop.postgres.SqlFailure;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.StoreUnreachableException;
import dev.backpop.queue.Lease;
import dev.backpop.queue.Task;
import dev.backpop.queue.TaskQueue;
import dev.backpop.worker.metrics.ChunkResult;
import dev.backpop.worker.metrics.WorkerMetrics;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the chunk of a lease and settles it: done, split, tried again later, handed back, or set aside. Thread-safe.
 *
 * <p>Faults of a store hand the chunk back and hold its campaign, and burn no attempt; faults of the chunk burn one.
 * A deadlock or a serialization failure burns one only when it comes again five times in a row. A chunk
 * that is too large for a store's time or memory, or for this process', is split; one of a single key burns an attempt.
 */
final class ChunkExecution {
    /** After so many deliveries without a word a chunk is taken to kill its workers. */
    static final int MOST_DELIVERIES = 5;

    /** From this delivery on a chunk may be what kills its workers: it runs alone, lest its neighbours die with it. */
    static final int SUSPECT_DELIVERIES = 3;

    private static final Logger LOG = LoggerFactory.getLogger(ChunkExecution.class);
    /** The state of a statement that has waited for a lock for as long as it may. */
    private static final String LOCKED = "55P03";

    private final String worker;
    private final Ledger ledger;
    private final TaskQueue queue;
    private final OpenCampaigns campaigns;
    private final CampaignHolds holds;
    private final Retries retries;
    private final WorkerMetrics metrics;
    /** Shared by chunks that run beside each other, held alone by one that must not. Fair, so that its turn comes. */
    private final ReadWriteLock company = new ReentrantReadWriteLock(true);

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
        Lock turn = lease.deliveries() >= SUSPECT_DELIVERIES ? company.writeLock() : company.readLock();
        turn.lock();
        try {
            long begin = System.nanoTime();
            metrics.chunk(settle(lease), Duration.ofNanos(System.nanoTime() - begin));
        } finally {
            turn.unlock();
        }
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
        } catch (InvalidInputException e) {
            return handBack(lease, "worker " + worker + " cannot run it: " + e.getMessage());
        } catch (StoreUnreachableException e) {
            return handBack(lease, String.valueOf(e.getMessage()));
        }
    }

    private ChunkResult attempt(Lease lease, Chunk chunk) {
        long begin = System.nanoTime();
        OpenCampaign campaign = null;
        try {
            campaign = campaigns.get(lease.campaignId());
            Optional<Counters> counted = run(lease, chunk, campaign);
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
        } catch (LegacyOverloadedException e) {
            String reason = String.valueOf(e.getMessage());
            // What cannot even be opened is not the chunk's fault.
            return campaign == null ? handBack(lease, reason) : tooLarge(lease, chunk, campaign, reason, begin);
        } catch (LegacyHeldException e) {
            return handBack(lease, String.valueOf(e.getMessage()), e.time());
        } catch (LegacyUnavailableException e) {
            return handBack(lease, String.valueOf(e.getMessage()));
        } catch (SQLException e) {
            if (campaign != null && SqlFailure.of(e) == SqlFailure.TOO_LARGE) {
                return tooLarge(lease, chunk, campaign, "the target gave up: " + SqlFailure.message(e), begin);
            }
            return settleFailure(lease, e);
        } catch (ChunkTooLargeException e) {
            if (campaign == null) {
                throw e;
            }
            return tooLarge(lease, chunk, campaign, String.valueOf(e.getMessage()), begin);
        } catch (OutOfMemoryError e) {
            if (campaign == null || !ofTheHeap(e)) {
                throw e;
            }
            return tooLarge(
                    lease,
                    chunk,
                    campaign,
                    "worker " + worker + " ran out of memory (" + e.getMessage()
                            + "): give its Java a larger heap, or start it with fewer lanes",
                    begin);
        } catch (StoreUnreachableException | InvalidInputException e) {
            throw e;
        } catch (RuntimeException e) {
            // Whatever it is, the chunk must come to an end that says so, and not run out of deliveries in silence.
            LOG.warn("{} failed", name(lease), e);
            return failed(lease, e.getClass().getSimpleName() + ": " + e.getMessage());
        } finally {
            if (campaign != null) {
                campaigns.release(campaign);
            }
        }
    }

    /** Runs it, and a few times more where it loses to other transactions: live writers are no fault of the chunk. */
    private Optional<Counters> run(Lease lease, Chunk chunk, OpenCampaign campaign) throws SQLException {
        for (int lost = 1; ; lost++) {
            try {
                return campaign.runner().run(chunk);
            } catch (SQLException e) {
                if (lost > Retries.MOST_AT_ONCE || !SqlFailure.lostToAnother(e)) {
                    throw e;
                }
                LOG.info("{} lost to another transaction and is run again: {}", name(lease), SqlFailure.message(e));
                LockSupport.parkNanos(retries.delayAtOnce(lost).toNanos());
            }
        }
    }

    /** The chunk was done, or given up, by somebody else: only Redis does not know yet. */
    private ChunkResult settleFinished(Lease lease, Chunk chunk) {
        switch (chunk.state()) {
            case DONE -> queue.complete(lease, chunk.counters());
            case FAILED -> queue.setAside(lease, String.valueOf(chunk.lastError()));
            // Whoever split it has queued the parts, or died before: then the driver finds them in the ledger.
            case SPLIT -> queue.split(lease, List.of());
            case PLANNED -> queue.release(lease);
        }
        return ChunkResult.LOST;
    }

    private ChunkResult settleFailure(Lease lease, SQLException failure) {
        String reason = SqlFailure.message(failure);
        if (SqlFailure.of(failure) == SqlFailure.UNAVAILABLE) {
            return handBack(lease, "the target does not take writes: " + reason);
        }
        if (LOCKED.equals(SqlFailure.root(failure).getSQLState())) {
            // Whoever has them may keep them for hours, and the chunk is as good as any other when they are free.
            return handBack(
                    lease,
                    "other sessions hold locks on what it writes: " + reason
                            + "; pg_blocking_pids() names them while it waits");
        }
        LOG.warn("{} failed: {}", name(lease), reason);
        if (SqlFailure.of(failure) == SqlFailure.PERMANENT) {
            campaigns.forget(lease.campaignId());
        }
        return failed(lease, reason);
    }

    /**
     * What a chunk's rows took is free again once its run has ended, so the process may go on. Any other lack, as of threads
     * or of room for classes, is the process' own, and so is what any other loop of it fails to allocate.
     */
    private static boolean ofTheHeap(OutOfMemoryError error) {
        String message = String.valueOf(error.getMessage());
        return message.startsWith("Java heap space")
                || message.startsWith("GC overhead limit exceeded")
                || message.startsWith("Requested array size exceeds VM limit");
    }

    private ChunkResult tooLarge(Lease lease, Chunk chunk, OpenCampaign campaign, String reason, long begin) {
        Duration runTime = Duration.ofNanos(System.nanoTime() - begin);
        Optional<List<NewChunk>> halves;
        try {
            halves = ChunkSplit.halves(
                    chunk,
                    campaign.campaign().spec(),
                    campaign.entity().shape().key(),
                    campaign.entity().legacy());
        } catch (LegacyUnavailableException e) {
            return handBack(lease, String.valueOf(e.getMessage()));
        } catch (IllegalStateException | InvalidInputException e) {
            return failed(lease, reason + "; nor could its keys be read, to split it: " + e.getMessage());
        }
        // The stores serve, if not this much at once.
        holds.worked(lease.campaignId());
        if (halves.isEmpty()) {
            LOG.warn("{} failed and cannot be split: {}", name(lease), reason);
            return failed(lease, reason);
        }
        List<NewChunk> parts = halves.get();
        Optional<Integer> first =
                ledger.splitChunk(lease.campaignId(), lease.chunkNo(), worker, runTime, reason, parts);
        if (first.isEmpty()) {
            return settleFinished(
                    lease, ledger.chunk(lease.campaignId(), lease.chunkNo()).orElse(chunk));
        }
        List<Task> tasks = new ArrayList<>();
        for (NewChunk part : parts) {
            tasks.add(new Task(first.get() + tasks.size(), part.keyCount()));
        }
        LOG.info("{} of {} keys is split into {} and the next: {}", name(lease), chunk.keyCount(), first.get(), reason);
        queue.split(lease, tasks);
        return ChunkResult.SPLIT;
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
        return handBack(lease, reason, Duration.ZERO);
    }

    private ChunkResult handBack(Lease lease, String reason, Duration time) {
        // Where the lease was lost, as to a stop that handed it back, whoever has the chunk finds out for itself.
        if (queue.release(lease)) {
            holds.hold(lease.campaignId(), reason, time);
        }
        return ChunkResult.RELEASED;
    }

    private static String name(Lease lease) {
        return lease.campaignId() + "#" + lease.chunkNo();
    }
}
