package dev.backpop.ledger;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.ChunkState;
import dev.backpop.campaign.Counters;
import dev.backpop.campaign.Tally;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a campaign's chunks stand, all of one snapshot.
 *
 * @param chunksByState every state, zero included
 * @param keys keys of all chunks; those of a split chunk are counted in its parts only
 * @param keysDone keys of the chunks that are done
 * @param counters sums over the chunks that are done
 * @param firstPlanned the lowest number of a planned chunk; null when there is none
 * @param commonestError the error that most failed chunks ended with; null when none failed
 */
public record Totals(
        Map<ChunkState, Long> chunksByState,
        long keys,
        long keysDone,
        Counters counters,
        @Nullable Integer firstPlanned,
        @Nullable String commonestError) {
    public Totals {
        chunksByState = Map.copyOf(chunksByState);
    }

    public long chunks(ChunkState state) {
        return chunksByState.getOrDefault(state, 0L);
    }

    /** Chunks that are or were to be run; a split one is represented by its parts. */
    public long chunks() {
        return chunks(ChunkState.PLANNED) + chunks(ChunkState.DONE) + chunks(ChunkState.FAILED);
    }

    /** The campaign's sum by law 3. */
    public Tally tally(CampaignKind kind) {
        return new Tally(kind, keysDone, counters, keys - keysDone);
    }
}
