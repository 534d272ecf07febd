package dev.backpop.queue;

/**
 * How many chunks of a campaign are where in Redis.
 *
 * @param queued waiting for a worker
 * @param leased held by a worker, or by one that died and whose lease runs out
 * @param retrying waiting out a backoff
 * @param setAside given up; not done since
 */
public record Backlog(long queued, long leased, long retrying, long setAside) {
    /** Chunks that are still to be run; what an autoscaler goes by. */
    public long outstanding() {
        return queued + leased + retrying;
    }
}
