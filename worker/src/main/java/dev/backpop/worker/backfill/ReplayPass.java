package dev.backpop.worker.backfill;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.Chunk;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.campaign.Reject;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.Settled;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.KeyShape;
import dev.backpop.stores.EntityStores;
import dev.backpop.target.Fence;
import dev.backpop.worker.ChunkTransaction;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tries rejects again. Their keys have been counted, so this moves them from one count to another: its counters add up to
 * nothing.
 */
final class ReplayPass implements Pass {
    private final Campaign campaign;
    private final EntityStores stores;
    private final RowMove move;
    private final Ledger ledger;
    private final @Nullable Sweep sweep;

    /** @param sweep removes what the legacy store has lost, as the pass that the rejects come from did; null for none */
    ReplayPass(Campaign campaign, EntityStores stores, RowMove move, Ledger ledger, @Nullable Sweep sweep) {
        this.campaign = campaign;
        this.stores = stores;
        this.move = move;
        this.ledger = ledger;
        this.sweep = sweep;
    }

    @Override
    public Outcome run(Chunk chunk, ChunkTransaction transaction) throws SQLException {
        KeyShape shape = stores.shape().key();
        // Not the chunk's own list: some of them may have been settled by another chunk since it was planned.
        List<Key> keys = ledger.replayKeys(campaign.id(), chunk.chunkNo()).stream()
                .map(shape::fromJson)
                .sorted(shape)
                .toList();
        if (keys.isEmpty()) {
            return new Outcome(0, Counters.NONE);
        }
        KeySelection selection = new KeySelection.Keys(keys);
        Fence fence = move.fence();
        Sweep removing = sweep;
        Sweep.Swept swept = removing == null ? Sweep.Swept.NONE : removing.run(selection, fence, transaction);
        ChunkTally tally = move.run(selection, fence, transaction);
        List<Reject> refused = tally.rejects(Reject.Stage.WRITE);
        refused.addAll(swept.refused());
        Settled settled = Ledger.settleReplay(transaction.begin(), campaign.id(), chunk.chunkNo(), refused);
        Ledger.addReasons(transaction.begin(), campaign.id(), chunk.chunkNo(), tally.reasons());
        return new Outcome(keys.size(), moved(tally, settled).plus(Counter.ROWS_SWEPT, swept.removed()));
    }

    /**
     * A key that was refused has an outcome now, or is gone. A row beyond those refused, as of a key that the legacy store
     * has twice or one that the closing sweep could not renew, has been counted before and is not counted again.
     */
    static Counters moved(ChunkTally tally, Settled settled) {
        long excluded = Math.min(tally.excluded(), settled.resolved());
        long gone = Math.max(0, settled.resolved() - tally.written() - tally.unchanged() - tally.guarded() - excluded);
        long counted =
                Math.max(0, tally.written() + tally.unchanged() + tally.guarded() + excluded - settled.resolved());
        long unchanged = Math.max(0, tally.unchanged() - counted);
        counted -= tally.unchanged() - unchanged;
        long guarded = Math.max(0, tally.guarded() - counted);
        counted -= tally.guarded() - guarded;
        return Counters.NONE
                .plus(Counter.ROWS_WRITTEN, tally.written() - counted)
                .plus(Counter.ROWS_RENEWED, counted)
                .plus(Counter.ROWS_UNCHANGED, unchanged)
                .plus(Counter.ROWS_GUARDED, guarded)
                .plus(Counter.ROWS_EXCLUDED, excluded)
                .plus(Counter.ROWS_ABSENT, gone)
                .plus(Counter.ROWS_DEFERRED, settled.deferred())
                .plus(Counter.ROWS_REJECTED, settled.rejected());
    }
}
