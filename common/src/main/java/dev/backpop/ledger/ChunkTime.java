package dev.backpop.ledger;

import java.time.Duration;

/**
 * What one chunk took.
 *
 * @param keyCount the keys that its run accounted for; of a split chunk, the keys that it was planned with
 * @param runTime from the run's start by the worker's clock to its commit by the database's, or until it was given up; never
 *     negative
 * @param split true for a chunk that was too large to be run at all
 */
public record ChunkTime(int chunkNo, long keyCount, Duration runTime, boolean split) {}
