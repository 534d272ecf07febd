package dev.backpop.worker.verify;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.Chunk;
import dev.backpop.campaign.ChunkPass;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.campaign.Discrepancy;
import dev.backpop.campaign.Sighting;
import dev.backpop.compare.RowComparison;
import dev.backpop.ledger.DiscrepancyState;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.PendingDiscrepancy;
import dev.backpop.plan.Verification;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.KeyShape;
import dev.backpop.stores.EntityStores;
import dev.backpop.worker.ChunkKeys;
import dev.backpop.worker.ChunkRunner;
import dev.backpop.worker.ChunkTakenException;
import dev.backpop.worker.ChunkTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Runs the chunks of a verification. Thread-safe.
 *
 * <p>A chunk of the main pass is scanned, and what the scan does not call equal is looked at key by key; what differs then
 * is kept as pending, with what was seen of both rows. A recheck looks at pending keys again.
 */
public final class VerifyRunner implements ChunkRunner {
    /** What is kept in memory of what was found: there may be any number of unexpected rows between two keys. */
    private static final int MOST_SIGHTINGS = 2_000;

    private final Campaign campaign;
    private final EntityStores stores;
    private final PostgresPool target;
    private final Ledger ledger;
    private final Scans.Chosen chosen;
    private final CarefulLook careful;
    private final boolean atOnce;
    private final String worker;
    private final Clock clock;

    public VerifyRunner(
            Campaign campaign, EntityStores stores, PostgresPool target, Ledger ledger, String worker, Clock clock) {
        this.campaign = campaign;
        this.stores = stores;
        this.target = target;
        this.ledger = ledger;
        this.chosen = Scans.of(stores, target, campaign.spec().wantedMethod().orElse(null));
        this.careful = new CarefulLook(
                stores,
                target,
                new RowComparison(stores.shape(), stores.entity().compare()));
        Verification verification = stores.entity().verification();
        this.atOnce = verification.settle().isZero() || verification.looks() == 1;
        this.worker = worker;
        this.clock = clock;
    }

    @Override
    public Optional<Counters> run(Chunk chunk) throws SQLException {
        Instant startedAt = clock.instant();
        try {
            return Optional.of(chunk.pass() == ChunkPass.RECHECK ? recheck(chunk, startedAt) : scan(chunk, startedAt));
        } catch (ChunkTakenException e) {
            return Optional.empty();
        }
    }

    private Counters scan(Chunk chunk, Instant startedAt) throws SQLException {
        ChunkFindings findings =
                new ChunkFindings(atOnce, stores.shape().key(), stores.legacy().keysAreGroups());
        KeySelection rest = ChunkKeys.of(chunk, campaign.spec(), stores.shape().key());
        while (rest != null) {
            Scanned scanned = chosen.scan().run(rest);
            findings.add(scanned);
            careful.at(scanned.candidates(), findings::add);
            if (findings.size() > MOST_SIGHTINGS) {
                keepSightings(chunk, findings);
            }
            rest = scanned.rest();
        }
        Counters counters = findings.counters(chunk.keyCount());
        List<Sighting> sightings = explained(findings.takeSightings());
        try (ChunkTransaction transaction = new ChunkTransaction(target, chunk)) {
            Connection open = transaction.begin();
            add(open, chunk, findings, sightings);
            Ledger.addTolerated(open, campaign.id(), chunk.chunkNo(), findings.tolerated());
            Ledger.addReasons(open, campaign.id(), chunk.chunkNo(), findings.reasons());
            Ledger.keepMethod(
                    open, campaign.id(), chunk.chunkNo(), chosen.method().word());
            long keyCount = counters.get(Counter.ROWS_READ) + counters.get(Counter.ROWS_ABSENT);
            transaction.commit(worker, Duration.between(startedAt, clock.instant()), keyCount, counters);
        }
        return counters;
    }

    /**
     * Keeps what was found so far before the chunk is done. It is in no sum until then, and another run of the chunk takes it
     * back before it keeps what it sees itself.
     */
    private void keepSightings(Chunk chunk, ChunkFindings findings) throws SQLException {
        List<Sighting> sightings = explained(findings.takeSightings());
        try (ChunkTransaction transaction = new ChunkTransaction(target, chunk)) {
            Connection open = transaction.begin();
            add(open, chunk, findings, sightings);
            open.commit();
        }
    }

    private void add(Connection transaction, Chunk chunk, ChunkFindings findings, List<Sighting> sightings)
            throws SQLException {
        if (findings.begin()) {
            Ledger.forgetDiscrepancies(transaction, campaign.id(), chunk.chunkNo());
        }
        Ledger.addDiscrepancies(
                transaction,
                campaign.id(),
                chunk.chunkNo(),
                campaign.entity(),
                atOnce ? DiscrepancyState.CONFIRMED : DiscrepancyState.PENDING,
                sightings);
    }

    private Counters recheck(Chunk chunk, Instant startedAt) throws SQLException {
        KeyShape shape = stores.shape().key();
        // Not the chunk's own list: some of them may have been settled since it was planned.
        Map<String, PendingDiscrepancy> pending = new HashMap<>();
        List<Key> keys = new ArrayList<>();
        for (PendingDiscrepancy one : ledger.pending(campaign.id(), chunk.chunkNo())) {
            Key key = shape.fromJson(one.key());
            keys.add(key);
            pending.put(shape.toJson(key), one);
        }
        List<Looked> looked = new ArrayList<>();
        careful.at(keys, looked::add);
        Map<String, String> causes = causes(
                looked.stream().map(Looked::sighting).filter(Objects::nonNull).toList());
        RecheckFindings findings = new RecheckFindings();
        for (Looked one : looked) {
            PendingDiscrepancy before = pending.get(one.key());
            if (before == null) {
                throw new IllegalStateException("a look at " + one.key() + ", which nobody asked for");
            }
            findings.add(before, one.explained(causes.get(one.key())));
        }
        try (ChunkTransaction transaction = new ChunkTransaction(target, chunk)) {
            Connection open = transaction.begin();
            Ledger.settleRecheck(open, campaign.id(), chunk.chunkNo(), findings.looks());
            Ledger.addTolerated(open, campaign.id(), chunk.chunkNo(), findings.tolerated());
            transaction.commit(
                    worker, Duration.between(startedAt, clock.instant()), findings.foundAnew(), findings.counters());
        }
        return findings.counters();
    }

    private List<Sighting> explained(List<Sighting> sightings) {
        Map<String, String> causes = causes(sightings);
        return sightings.stream()
                .map(sighting -> sighting.explained(causes.get(sighting.key())))
                .toList();
    }

    /** Why missing rows were rejected, by key, where they were. */
    private Map<String, String> causes(List<Sighting> sightings) {
        List<String> missing = sightings.stream()
                .filter(sighting -> sighting.discrepancy().kind() == Discrepancy.Kind.MISSING)
                .map(Sighting::key)
                .toList();
        Map<String, String> causes = new HashMap<>();
        if (!missing.isEmpty()) {
            ledger.rejectReasons(campaign.plan(), campaign.entity(), missing)
                    .forEach((key, reason) -> causes.put(key, "rejected by the backfill: " + reason));
        }
        return causes;
    }
}
