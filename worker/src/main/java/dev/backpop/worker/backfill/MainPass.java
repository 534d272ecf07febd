package dev.backpop.worker.backfill;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.Chunk;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.campaign.Reject;
import dev.backpop.ledger.Ledger;
import dev.backpop.stores.EntityStores;
import dev.backpop.worker.ChunkKeys;
import dev.backpop.worker.ChunkTransaction;
import java.sql.SQLException;
import java.util.List;

/** Moves the rows of a chunk and keeps what could not be written. */
final class MainPass implements Pass {
    private final Campaign campaign;
    private final EntityStores stores;
    private final RowMove move;

    MainPass(Campaign campaign, EntityStores stores, RowMove move) {
        this.campaign = campaign;
        this.stores = stores;
        this.move = move;
    }

    @Override
    public Outcome run(Chunk chunk, ChunkTransaction transaction) throws SQLException {
        ChunkTally tally =
                move.run(ChunkKeys.of(chunk, campaign.spec(), stores.shape().key()), move.fence(), transaction);
        List<Reject> rejects = tally.rejects(Reject.Stage.WRITE);
        if (!rejects.isEmpty()) {
            Ledger.addRejects(transaction.begin(), campaign.id(), chunk.chunkNo(), campaign.entity(), rejects);
        }
        if (!tally.reasons().isEmpty()) {
            Ledger.addReasons(transaction.begin(), campaign.id(), chunk.chunkNo(), tally.reasons());
        }
        Counters counters = tally.counters(chunk.keyCount());
        return new Outcome(counters.get(Counter.ROWS_READ) + counters.get(Counter.ROWS_ABSENT), counters);
    }
}
