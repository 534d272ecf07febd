package dev.backpop.ledger;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a campaign's chunks took that are done.
 *
 * @param chunks how many are done
 * @param workers how many workers ran them
 * @param together all of them, one after another
 * @param median null when none is done
 * @param slowest the number of the one that took longest; null when none is done
 * @param slowestTook null when none is done
 * @param slowestKeys how many keys that one had
 */
public record ChunkTimes(
        long chunks,
        long workers,
        Duration together,
        @Nullable Duration median,
        @Nullable Integer slowest,
        @Nullable Duration slowestTook,
        long slowestKeys) {}
