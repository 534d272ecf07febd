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
import dev.backpop.worker.ChunkTransaction;
import java.sql.SQLException;
import java.util.List;

/**
 * Tries rejects again. Their keys have been counted, so this moves them from one count to another: its counters add up to
 * nothing.
 */
final class ReplayPass implements Pass {
    private final Campaign campaign;
    private final EntityStores stores;
    private final RowMove move;
    private final Ledger ledger;

    ReplayPass(Campaign campaign, EntityStores stores, RowMove move, Ledger ledger) {
        this.campaign = campaign;
        this.stores = stores;
        this.move = move;
        this.ledger = ledger;
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
        ChunkTally tally = move.run(new KeySelection.Keys(keys), move.fence(), transaction);
        List<Reject> refused = tally.rejects(Reject.Stage.WRITE);
        Settled settled = Ledger.settleReplay(transaction.begin(), campaign.id(), chunk.chunkNo(), refused);
        return new Outcome(keys.size(), moved(tally, settled));
    }

    /**
     * A key that was refused has an outcome now, or is gone. A row beyond those refused, as of a key that the legacy store
     * has twice or one that the closing sweep could not renew, has been counted before and is not counted again.
     */
    static Counters moved(ChunkTally tally, Settled settled) {
        long gone = Math.max(0, settled.resolved() - tally.written() - tally.unchanged() - tally.guarded());
        long counted = Math.max(0, tally.written() + tally.unchanged() + tally.guarded() - settled.resolved());
        long unchanged = Math.max(0, tally.unchanged() - counted);
        counted -= tally.unchanged() - unchanged;
        long guarded = Math.max(0, tally.guarded() - counted);
        counted -= tally.guarded() - guarded;
        return Counters.NONE
                .plus(Counter.ROWS_WRITTEN, tally.written() - counted)
                .plus(Counter.ROWS_RENEWED, counted)
                .plus(Counter.ROWS_UNCHANGED, unchanged)
                .plus(Counter.ROWS_GUARDED, guarded)
                .plus(Counter.ROWS_ABSENT, gone)
                .plus(Counter.ROWS_DEFERRED, settled.deferred())
                .plus(Counter.ROWS_REJECTED, settled.rejected());
    }
}
