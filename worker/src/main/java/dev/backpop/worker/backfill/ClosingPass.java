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
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The closing sweep over a chunk, after everything was written: takes out rows that only Backpop wrote and the legacy store
 * has lost, and writes those again that have changed.
 *
 * <p>A live delete or update of a row that was not copied yet finds nothing in the target, so no trigger sees it. Now that
 * every row is there, and every transaction that could not see it has ended, what live writers do to one is seen.
 */
final class ClosingPass implements Pass {
    private final Campaign campaign;
    private final EntityStores stores;
    private final RowMove move;
    private final Sweep sweep;

    ClosingPass(Campaign campaign, EntityStores stores, RowMove move, Sweep sweep) {
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
        // Rows go before others come: what is to be written may need their place in a unique index.
        Sweep.Swept swept = sweep.run(selection, fence, transaction);
        ChunkTally tally = move.run(selection, fence, transaction);
        List<Reject> rejects = tally.rejects(Reject.Stage.CLOSING);
        rejects.addAll(swept.refused());
        keep(chunk, rejects, transaction);
        return new Outcome(
                chunk.keyCount(),
                Counters.NONE.plus(Counter.ROWS_SWEPT, swept.removed()).plus(Counter.ROWS_RENEWED, tally.written()));
    }

    /** A row that the main pass could not write either has its reject already. */
    private void keep(Chunk chunk, List<Reject> rejects, ChunkTransaction transaction) throws SQLException {
        if (rejects.isEmpty()) {
            return;
        }
        Set<String> known = new HashSet<>(Ledger.withOpenReject(
                transaction.begin(),
                campaign.id(),
                rejects.stream().map(Reject::key).toList()));
        rejects.removeIf(reject -> known.contains(reject.key()));
        Ledger.addRejects(transaction.begin(), campaign.id(), chunk.chunkNo(), campaign.entity(), rejects);
    }
}
