package dev.backpop.worker;

import dev.backpop.campaign.CampaignSpec;
import dev.backpop.campaign.Chunk;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.KeyShape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the keys of a chunk as the ledger keeps them. */
public final class ChunkKeys {
    private ChunkKeys() {}

    /** The chunk's keys; the first chunk of a campaign starts at the campaign's own lower bound. */
    public static KeySelection of(Chunk chunk, CampaignSpec spec, KeyShape shape) {
        List<String> keys = chunk.keys();
        if (keys != null) {
            return new KeySelection.Keys(keys.stream().map(shape::fromJson).toList());
        }
        Key after = key(chunk.afterKey(), shape);
        Key from = after == null ? key(spec.from(), shape) : null;
        return new KeySelection.Range(from, after, key(chunk.lastKey(), shape));
    }

    private static @Nullable Key key(@Nullable String json, KeyShape shape) {
        return json == null ? null : shape.fromJson(json);
    }
}
