package dev.backpop.ledger;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chunk to be appended to a campaign's plan; its number is given by the ledger. Keys are JSON arrays.
 *
 * @param afterKey exclusive lower bound of the range; null for the first chunk and for a list
 * @param firstKey the first key of a range; null for a list
 * @param lastKey the last key of a range, inclusive; null for a list
 * @param keys the keys of a list; null for a range
 * @param keyCount how many keys planning saw
 */
public record NewChunk(
        @Nullable String afterKey,
        @Nullable String firstKey,
        @Nullable String lastKey,
        @Nullable List<String> keys,
        long keyCount) {
    public NewChunk {
        if (keyCount < 0) {
            throw new IllegalArgumentException("a chunk of " + keyCount + " keys");
        }
        if (keys != null) {
            keys = List.copyOf(keys);
            if (firstKey != null || lastKey != null) {
                throw new IllegalArgumentException("a chunk is a range or a list of keys, not both");
            }
        } else if (firstKey == null || lastKey == null) {
            throw new IllegalArgumentException("a chunk is a range with a first and a last key, or a list of keys");
        }
    }

    public static NewChunk range(@Nullable String afterKey, String firstKey, String lastKey, long keyCount) {
        return new NewChunk(afterKey, firstKey, lastKey, null, keyCount);
    }

    public static NewChunk list(List<String> keys) {
        return new NewChunk(null, null, null, keys, keys.size());
    }
}
