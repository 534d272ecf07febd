package dev.backpop.worker;

import dev.backpop.campaign.CampaignSpec;
import dev.backpop.campaign.Chunk;
import dev.backpop.ledger.NewChunk;
import dev.backpop.legacy.LegacyEntity;
import dev.backpop.legacy.LegacyOverloadedException;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.KeyShape;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Halves a chunk that is too large to be run. Stateless. */
final class ChunkSplit {
    /** Many rows may have come into a range since it was planned, and one by one they would never be through. */
    private static final long FEWEST_KEYS_READ = 1_000;

    private ChunkSplit() {}

    /**
     * Two chunks with the keys of one, which lie end to end where it is a range. The keys are counted as planning saw them,
     * so that no sum changes.
     *
     * @return empty when it has but one key, or where its middle is cannot be told
     * @throws dev.backpop.legacy.LegacyUnavailableException when the legacy store cannot be reached
     */
    static Optional<List<NewChunk>> halves(Chunk chunk, CampaignSpec spec, KeyShape shape, LegacyEntity legacy) {
        List<String> listed = chunk.keys();
        if (listed != null) {
            int half = listed.size() / 2;
            return half == 0
                    ? Optional.empty()
                    : Optional.of(List.of(
                            NewChunk.list(listed.subList(0, half)),
                            NewChunk.list(listed.subList(half, listed.size()))));
        }
        KeySelection.Range range = (KeySelection.Range) ChunkKeys.of(chunk, spec, shape);
        Key last = range.last();
        return last == null ? Optional.empty() : cut(chunk, range, last, shape, legacy);
    }

    private static Optional<List<NewChunk>> cut(
            Chunk chunk, KeySelection.Range range, Key last, KeyShape shape, LegacyEntity legacy) {
        List<Key> keys = new ArrayList<>();
        try {
            legacy.keys(range.from(), range.after(), last, Math.max(chunk.keyCount(), FEWEST_KEYS_READ), keys::add);
        } catch (LegacyOverloadedException e) {
            // Not even its keys can be read: all that is known of it are its ends.
            return unseen(chunk, shape);
        }
        if (keys.size() < 2) {
            return Optional.empty();
        }
        // As they are now: some may have gone or come since they were planned.
        int at = keys.size() / 2;
        return Optional.of(parts(chunk, shape, keys.get(at - 1), keys.get(at), at));
    }

    private static Optional<List<NewChunk>> unseen(Chunk chunk, KeyShape shape) {
        Key first = key(chunk.firstKey(), shape);
        Key last = key(chunk.lastKey(), shape);
        if (first == null || last == null || !shape.isInteger()) {
            return Optional.empty();
        }
        BigInteger low = new BigInteger(first.parts().get(0));
        BigInteger high = new BigInteger(last.parts().get(0));
        if (low.compareTo(high) >= 0) {
            return Optional.empty();
        }
        BigInteger middle = low.add(high).shiftRight(1);
        return Optional.of(parts(
                chunk,
                shape,
                Key.of(middle.toString()),
                Key.of(middle.add(BigInteger.ONE).toString()),
                chunk.keyCount() / 2));
    }

    private static @Nullable Key key(@Nullable String json, KeyShape shape) {
        return json == null ? null : shape.fromJson(json);
    }

    private static List<NewChunk> parts(Chunk chunk, KeyShape shape, Key lastOfFirst, Key firstOfSecond, long keys) {
        String first = chunk.firstKey();
        String last = chunk.lastKey();
        if (first == null || last == null) {
            throw new IllegalArgumentException("chunk " + chunk.chunkNo() + " is no range");
        }
        long keysOfFirst = Math.min(keys, chunk.keyCount());
        String middle = shape.toJson(lastOfFirst);
        return List.of(
                NewChunk.range(chunk.afterKey(), first, middle, keysOfFirst),
                NewChunk.range(middle, shape.toJson(firstOfSecond), last, chunk.keyCount() - keysOfFirst));
    }
}
