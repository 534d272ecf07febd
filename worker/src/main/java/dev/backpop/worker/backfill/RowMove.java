package dev.backpop.worker.backfill;

import dev.backpop.legacy.FailedRow;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.Row;
import dev.backpop.stores.EntityStores;
import dev.backpop.target.Fence;
import dev.backpop.target.GuardedWriter;
import dev.backpop.target.WriteResult;
import dev.backpop.worker.ChunkTransaction;
import dev.backpop.worker.UncheckedSqlException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Moves rows: fetches and transforms them in the legacy store and writes them under the guard. Thread-safe. */
final class RowMove {
    private final EntityStores stores;
    private final PostgresPool target;
    private final GuardedWriter writer;

    RowMove(EntityStores stores, PostgresPool target, GuardedWriter writer) {
        this.stores = stores;
        this.target = target;
        this.writer = writer;
    }

    /** To be taken before the rows are fetched: what others commit from here on may be newer than what is fetched. */
    Fence fence() throws SQLException {
        return writer.fence(target);
    }

    /** @param fence taken before; the fetch is done here */
    ChunkTally run(KeySelection selection, Fence fence, ChunkTransaction transaction) throws SQLException {
        ChunkTally tally = new ChunkTally(stores);
        Set<Key> seen = new HashSet<>();
        boolean[] prepared = new boolean[1];
        try {
            List<FailedRow> failed = stores.legacy().fetch(selection, rows -> {
                tally.add(rows.size(), write(transaction, prepared, rows, fence, seen));
            });
            tally.add(failed);
            return tally;
        } catch (UncheckedSqlException e) {
            throw e.failure();
        }
    }

    private WriteResult write(
            ChunkTransaction transaction, boolean[] prepared, List<Row> rows, Fence fence, Set<Key> seen) {
        try {
            Connection connection = transaction.begin();
            if (!prepared[0]) {
                prepared[0] = true;
                writer.begin(connection);
            }
            return writer.write(connection, rows, fence, seen);
        } catch (SQLException e) {
            throw new UncheckedSqlException(e);
        }
    }
}
