package dev.backpop.ledger;

import java.time.Duration;

/**
 * What one finished chunk took.
 *
 * @param keyCount the keys that its run accounted for
 * @param runTime from the run's start by the worker's clock to its commit by the database's; never negative
 */
public record ChunkTime(int chunkNo, long keyCount, Duration runTime) {}
