package dev.backpop.worker.backfill;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.Chunk;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.campaign.Reject;
import dev.backpop.ledger.Ledger;
import dev.backpop.legacy.FailedRow;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.row.Key;
import dev.backpop.row.Row;
import dev.backpop.stores.EntityStores;
import dev.backpop.target.Fence;
import dev.backpop.target.GuardedWriter;
import dev.backpop.target.WriteResult;
import dev.backpop.worker.ChunkKeys;
import dev.backpop.worker.ChunkRunner;
import dev.backpop.worker.ChunkTakenException;
import dev.backpop.worker.ChunkTransaction;
import dev.backpop.worker.UncheckedSqlException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Moves the rows of a chunk: fetches and transforms them in the legacy store, and writes them under the guard together with
 * the rejects and the chunk's result. Thread-safe.
 */
public final class BackfillRunner implements ChunkRunner {
    private final Campaign campaign;
    private final EntityStores stores;
    private final PostgresPool target;
    private final GuardedWriter writer;
    private final String worker;
    private final Clock clock;

    public BackfillRunner(Campaign campaign, EntityStores stores, PostgresPool target, String worker, Clock clock) {
        this.campaign = campaign;
        this.stores = stores;
        this.target = target;
        this.writer = new GuardedWriter(campaign.plan(), stores.entity(), stores.table(), stores.shape());
        this.worker = worker;
        this.clock = clock;
    }

    @Override
    public Optional<Counters> run(Chunk chunk) throws SQLException {
        Instant startedAt = clock.instant();
        try (ChunkTransaction transaction = new ChunkTransaction(target, chunk)) {
            ChunkTally tally = new ChunkTally(stores);
            Set<Key> seen = new HashSet<>();
            // Before the fetch: what others commit from here on may be newer than what is fetched.
            Fence fence = writer.fence(target);
            List<FailedRow> failed = stores.legacy()
                    .fetch(
                            ChunkKeys.of(chunk, campaign.spec(), stores.shape().key()),
                            rows -> tally.add(rows.size(), write(transaction, rows, fence, seen)));
            tally.add(failed);
            Counters counters = tally.counters(chunk.keyCount());
            List<Reject> rejects = tally.rejects();
            if (!rejects.isEmpty()) {
                Ledger.addRejects(transaction.begin(), campaign.id(), chunk.chunkNo(), campaign.entity(), rejects);
            }
            long keyCount = counters.get(Counter.ROWS_READ) + counters.get(Counter.ROWS_ABSENT);
            transaction.commit(worker, startedAt, keyCount, counters);
            return Optional.of(counters);
        } catch (ChunkTakenException e) {
            return Optional.empty();
        } catch (UncheckedSqlException e) {
            throw e.failure();
        }
    }

    private WriteResult write(ChunkTransaction transaction, List<Row> rows, Fence fence, Set<Key> seen) {
        try {
            boolean first = !transaction.begun();
            var connection = transaction.begin();
            if (first) {
                writer.begin(connection);
            }
            return writer.write(connection, rows, fence, seen);
        } catch (SQLException e) {
            throw new UncheckedSqlException(e);
        }
    }
}
