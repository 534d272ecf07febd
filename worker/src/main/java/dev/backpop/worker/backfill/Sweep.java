package dev.backpop.worker.backfill;

import dev.backpop.campaign.Reject;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.postgres.SqlFailure;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.stores.EntityStores;
import dev.backpop.target.Fence;
import dev.backpop.target.RowRemoval;
import dev.backpop.worker.ChunkTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Removes those rows of a chunk that the legacy store does not have and that may go. Thread-safe. */
final class Sweep {
    private final EntityStores stores;
    private final PostgresPool target;
    private final RowRemoval removal;

    Sweep(EntityStores stores, PostgresPool target, RowRemoval removal) {
        this.stores = stores;
        this.target = target;
        this.removal = removal;
    }

    /**
     * What came of it.
     *
     * @param removed how many rows
     * @param refused those that the target did not let go
     */
    record Swept(long removed, List<Reject> refused) {
        /** Of what was not swept, or found nothing. */
        static final Swept NONE = new Swept(0, List.of());
    }

    /**
     * Removes them. The target is asked before the legacy store, so that what live writers bring meanwhile is not looked at,
     * and the transaction begins after both, so that it does not wait for them.
     *
     * @param fence taken before
     */
    Swept run(KeySelection selection, Fence fence, ChunkTransaction transaction) throws SQLException {
        Set<Key> gone;
        try (Connection connection = target.connection()) {
            gone = new HashSet<>(removal.removable(connection, selection, fence));
        }
        if (gone.isEmpty()) {
            return Swept.NONE;
        }
        stores.legacyKeys(selection, gone::remove);
        List<RowRemoval.Refused> refused = new ArrayList<>();
        List<Key> sorted = gone.stream().sorted(stores.shape().key()).toList();
        long removed = removal.remove(transaction.begin(), sorted, fence, refused);
        return new Swept(removed, refused.stream().map(this::reject).toList());
    }

    private Reject reject(RowRemoval.Refused refused) {
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
