package dev.backpop.worker.verify;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.Chunk;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.campaign.Discrepancy;
import dev.backpop.campaign.Sighting;
import dev.backpop.compare.RowComparison;
import dev.backpop.ledger.DiscrepancyState;
import dev.backpop.ledger.Ledger;
import dev.backpop.legacy.FailedRow;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.Row;
import dev.backpop.stores.EntityStores;
import dev.backpop.target.TargetReader;
import dev.backpop.worker.ChunkKeys;
import dev.backpop.worker.ChunkRunner;
import dev.backpop.worker.ChunkTakenException;
import dev.backpop.worker.ChunkTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compares the rows of a chunk: every key on both sides, every mapped column, exactly. Thread-safe.
 *
 * <p>Reads each side once, in pages of the target's rows: of each the target first and the legacy store after it.
 */
public final class VerifyRunner implements ChunkRunner {
    private static final int ROWS_IN_A_PAGE = 20_000;

    private final Campaign campaign;
    private final EntityStores stores;
    private final PostgresPool target;
    private final Ledger ledger;
    private final TargetReader reader;
    private final RowComparison comparison;
    private final String worker;
    private final Clock clock;

    public VerifyRunner(
            Campaign campaign, EntityStores stores, PostgresPool target, Ledger ledger, String worker, Clock clock) {
        this.campaign = campaign;
        this.stores = stores;
        this.target = target;
        this.ledger = ledger;
        this.reader = new TargetReader(stores.entity(), stores.table(), stores.shape());
        this.comparison = new RowComparison(stores.shape(), stores.entity().compare());
        this.worker = worker;
        this.clock = clock;
    }

    @Override
    public Optional<Counters> run(Chunk chunk) throws SQLException {
        Instant startedAt = clock.instant();
        ChunkFindings findings = new ChunkFindings(stores.shape().key());
        Set<Key> seen = new HashSet<>();
        long failed = 0;
        KeySelection rest = ChunkKeys.of(chunk, campaign.spec(), stores.shape().key());
        while (rest != null) {
            TargetPage page = page(rest);
            failed += compare(page, findings, seen);
            rest = page.rest();
        }
        Counters counters = findings.counters(seen.size() + findings.repeats() + failed, chunk.keyCount());
        return keep(chunk, startedAt, findings, counters);
    }

    /** Compares a page of the target with the same keys of the legacy store; how many legacy rows could not be read. */
    private long compare(TargetPage page, ChunkFindings findings, Set<Key> seen) {
        Map<Key, Row> targetRows = page.rows();
        List<FailedRow> failed = stores.legacy().expect(page.selection(), rows -> {
            for (Row row : rows) {
                Key key = stores.shape().keyOf(row);
                if (!seen.add(key)) {
                    // The second row of a key: the target can have only one of them.
                    findings.repeated();
                    continue;
                }
                Row copy = targetRows.remove(key);
                if (copy == null) {
                    findings.missing(key);
                } else {
                    findings.compared(key, comparison.compare(row, copy).differences());
                }
            }
        });
        for (FailedRow row : failed) {
            targetRows.remove(row.key());
            findings.unverifiable();
        }
        targetRows.keySet().forEach(findings::unexpected);
        return failed.size();
    }

    private TargetPage page(KeySelection selection) throws SQLException {
        try (Connection connection = target.connection()) {
            connection.setAutoCommit(false);
            target.limit(connection);
            return TargetPage.read(reader, connection, stores.shape(), selection, ROWS_IN_A_PAGE);
        }
    }

    private Optional<Counters> keep(Chunk chunk, Instant startedAt, ChunkFindings findings, Counters counters)
            throws SQLException {
        List<Discrepancy> discrepancies =
                findings.discrepancies(missing -> ledger.rejectReasons(campaign.plan(), campaign.entity(), missing));
        try (ChunkTransaction transaction = new ChunkTransaction(target, chunk)) {
            if (!discrepancies.isEmpty()) {
                Ledger.addDiscrepancies(
                        transaction.begin(),
                        campaign.id(),
                        chunk.chunkNo(),
                        campaign.entity(),
                        DiscrepancyState.CONFIRMED,
                        discrepancies.stream()
                                .map(found -> new Sighting(found, "", "", null))
                                .toList());
            }
            long keyCount = counters.get(Counter.ROWS_READ) + counters.get(Counter.ROWS_ABSENT);
            transaction.commit(worker, Duration.between(startedAt, clock.instant()), keyCount, counters);
            return Optional.of(counters);
        } catch (ChunkTakenException e) {
            return Optional.empty();
        }
    }
}
