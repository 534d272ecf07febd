package dev.backpop.worker.backfill;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.Chunk;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.campaign.Reject;
import dev.backpop.ledger.Ledger;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.postgres.SqlFailure;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.stores.EntityStores;
import dev.backpop.target.Fence;
import dev.backpop.target.RowRemoval;
import dev.backpop.worker.ChunkKeys;
import dev.backpop.worker.ChunkTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
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
    private final PostgresPool target;
    private final RowMove move;
    private final RowRemoval removal;

    ClosingPass(Campaign campaign, EntityStores stores, PostgresPool target, RowMove move) {
        this.campaign = campaign;
        this.stores = stores;
        this.target = target;
        this.move = move;
        this.removal = RowRemoval.closing(campaign.plan(), stores.entity(), stores.table(), stores.shape());
    }

    @Override
    public Outcome run(Chunk chunk, ChunkTransaction transaction) throws SQLException {
        KeySelection selection =
                ChunkKeys.of(chunk, campaign.spec(), stores.shape().key());
        Fence fence = move.fence();
        // Rows go before others come: what is to be written may need their place in a unique index.
        List<Key> gone = gone(selection, fence);
        List<RowRemoval.Refused> stay = new ArrayList<>();
        long swept = gone.isEmpty() ? 0 : removal.remove(transaction.begin(), gone, fence, stay);
        ChunkTally tally = move.run(selection, fence, transaction);
        List<Reject> rejects = tally.rejects(Reject.Stage.CLOSING);
        stay.forEach(refused -> rejects.add(reject(stores, refused)));
        keep(chunk, rejects, transaction);
        return new Outcome(
                chunk.keyCount(),
                Counters.NONE.plus(Counter.ROWS_SWEPT, swept).plus(Counter.ROWS_RENEWED, tally.written()));
    }

    private List<Key> gone(KeySelection selection, Fence fence) throws SQLException {
        Set<Key> gone;
        try (Connection connection = target.connection()) {
            gone = new HashSet<>(removal.removable(connection, selection, fence));
        }
        if (!gone.isEmpty()) {
            stores.legacyKeys(selection, gone::remove);
        }
        return gone.stream().sorted(stores.shape().key()).toList();
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

    static Reject reject(EntityStores stores, RowRemoval.Refused refused) {
        return new Reject(
                stores.shape().key().toJson(refused.key()),
                Reject.Stage.CLOSING,
                SqlFailure.root(refused.reason()).getSQLState(),
                SqlFailure.constraint(refused.reason()),
                null,
                "the legacy store has lost the row, and the target does not let it go: "
                        + SqlFailure.message(refused.reason()),
                null);
    }
}
