package dev.backpop.campaign;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The unit of dispatch: a run of keys of one campaign. Keys are JSON arrays, as the ledger keeps them.
 *
 * @param chunkNo from 1, dense within its campaign
 * @param afterKey exclusive lower bound of the range: the previous chunk's last key; null for the first chunk
 * @param firstKey the first key that planning saw, or where a part begins that was cut off unseen; null for a list
 * @param lastKey the last key that planning saw, the inclusive upper bound of the range; null for a list
 * @param keys the keys of a list; null for a range
 * @param pass which pass over the campaign's keys it belongs to
 * @param keyCount how many keys planning saw; once done, how many the run accounted for
 * @param attempts runs that failed so far
 */
public record Chunk(
        String campaignId,
        int chunkNo,
        @Nullable String afterKey,
        @Nullable String firstKey,
        @Nullable String lastKey,
        @Nullable List<String> keys,
        ChunkPass pass,
        long keyCount,
        ChunkState state,
        int attempts,
        @Nullable String lastError,
        @Nullable String worker,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        Counters counters) {
    public Chunk {
        if (keys != null) {
            keys = List.copyOf(keys);
        } else if (firstKey == null || lastKey == null) {
            throw new IllegalArgumentException(
                    "chunk " + chunkNo + " of " + campaignId + " has neither range nor list");
        }
    }
}
