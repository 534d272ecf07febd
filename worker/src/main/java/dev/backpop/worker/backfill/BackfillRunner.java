package dev.backpop.worker.backfill;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.Chunk;
import dev.backpop.campaign.Counters;
import dev.backpop.ledger.Ledger;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.stores.EntityStores;
import dev.backpop.target.GuardedWriter;
import dev.backpop.target.RowRemoval;
import dev.backpop.worker.ChunkRunner;
import dev.backpop.worker.ChunkTakenException;
import dev.backpop.worker.ChunkTransaction;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs the chunks of a backfill or a repair, each by its pass, with the chunk's result in the same transaction. Thread-safe. */
public final class BackfillRunner implements ChunkRunner {
    private final PostgresPool target;
    private final String worker;
    private final Clock clock;
    private final Pass main;
    private final Pass replay;
    private final Pass closing;

    public BackfillRunner(
            Campaign campaign, EntityStores stores, PostgresPool target, Ledger ledger, String worker, Clock clock) {
        this.target = target;
        this.worker = worker;
        this.clock = clock;
        boolean repair = campaign.kind() == CampaignKind.REPAIR;
        RowMove move = new RowMove(
                stores,
                target,
                repair
                        ? GuardedWriter.repairing(campaign.plan(), stores.entity(), stores.table(), stores.shape())
                        : new GuardedWriter(campaign.plan(), stores.entity(), stores.table(), stores.shape()));
        Sweep sweep = new Sweep(
                stores,
                target,
                repair
                        ? RowRemoval.repairing(campaign.plan(), stores.entity(), stores.table(), stores.shape())
                        : RowRemoval.closing(
                                campaign.id(), campaign.plan(), stores.entity(), stores.table(), stores.shape()));
        boolean sweeps = repair
                ? campaign.spec().deleteUnexpected()
                : stores.entity().guard().recordsTouches();
        @Nullable Sweep removing = sweeps ? sweep : null;
        this.main = repair ? new RepairPass(campaign, stores, move, removing) : new MainPass(campaign, stores, move);
        this.replay = new ReplayPass(campaign, stores, move, ledger, removing);
        RowMove closingMove = new RowMove(
                stores,
                target,
                GuardedWriter.closing(campaign.plan(), stores.entity(), stores.table(), stores.shape()));
        this.closing = new ClosingPass(campaign, stores, closingMove, sweep);
    }

    @Override
    public Optional<Counters> run(Chunk chunk) throws SQLException {
        Instant startedAt = clock.instant();
        try (ChunkTransaction transaction = new ChunkTransaction(target, chunk)) {
            Pass.Outcome outcome = pass(chunk).run(chunk, transaction);
            transaction.commit(
                    worker, Duration.between(startedAt, clock.instant()), outcome.keyCount(), outcome.counters());
            return Optional.of(outcome.counters());
        } catch (ChunkTakenException e) {
            return Optional.empty();
        }
    }

    private Pass pass(Chunk chunk) {
        return switch (chunk.pass()) {
            case MAIN -> main;
            case REPLAY -> replay;
            case CLOSING -> closing;
            case RECHECK ->
                throw new IllegalStateException("chunk " + chunk.chunkNo() + " of campaign " + chunk.campaignId()
                        + " looks again, which only a verification does");
        };
    }
}
