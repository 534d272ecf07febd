package dev.backpop.worker.backfill;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.Chunk;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.campaign.Reject;
import dev.backpop.ledger.Ledger;
import dev.backpop.row.KeySelection;
import dev.backpop.stores.EntityStores;
import dev.backpop.target.Fence;
import dev.backpop.worker.ChunkKeys;
import dev.backpop.worker.ChunkTransaction;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the target's rows of a chunk what the legacy store says: writes what it has and, where that was asked for, removes
 * what it has not, but for rows that somebody has touched since the fence.
 */
final class RepairPass implements Pass {
    private final Campaign campaign;
    private final EntityStores stores;
    private final RowMove move;
    private final @Nullable Sweep sweep;

    /** @param sweep removes what the legacy store has not; null to leave that, as rows are deleted only when asked for */
    RepairPass(Campaign campaign, EntityStores stores, RowMove move, @Nullable Sweep sweep) {
        this.campaign = campaign;
        this.stores = stores;
        this.move = move;
        this.sweep = sweep;
    }

    @Override
    public Outcome run(Chunk chunk, ChunkTransaction transaction) throws SQLException {
        KeySelection selection =
                ChunkKeys.of(chunk, campaign.spec(), stores.shape().key());
        Fence fence = move.fence();
        Sweep.Swept swept = sweep == null ? Sweep.Swept.NONE : sweep.run(selection, fence, transaction);
        ChunkTally tally = move.run(selection, fence, transaction);
        List<Reject> rejects = tally.rejects(Reject.Stage.WRITE);
        rejects.addAll(swept.refused());
        Ledger.addRejects(transaction.begin(), campaign.id(), chunk.chunkNo(), campaign.entity(), rejects);
        Ledger.addReasons(transaction.begin(), campaign.id(), chunk.chunkNo(), tally.reasons());
        Counters counters = tally.counters(chunk.keyCount()).plus(Counter.ROWS_SWEPT, swept.removed());
        return new Outcome(counters.get(Counter.ROWS_READ) + counters.get(Counter.ROWS_ABSENT), counters);
    }
}
