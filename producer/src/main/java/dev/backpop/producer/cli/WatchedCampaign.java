package dev.backpop.producer.cli;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Tally;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.Totals;
import dev.backpop.producer.driver.Dispatch;
import dev.backpop.queue.WorkerStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One campaign as it is watched: its state by the ledger, its progress by Redis between two looks at it. */
final class WatchedCampaign {
    private static final String KEYS_ENUMERATED = "keys.enumerated";
    private static final List<Counter> DISCREPANCIES =
            List.of(Counter.ROWS_MISMATCHED, Counter.ROWS_MISSING, Counter.ROWS_UNEXPECTED);

    private final Dispatch dispatch;
    private final Throughput throughput = new Throughput();
    private Campaign campaign;
    private @Nullable Long estimate;
    private @Nullable Totals counted;
    /** Chunks that are left when every key has been looked at. */
    private long sweeping;

    WatchedCampaign(Dispatch dispatch, Campaign campaign) {
        this.dispatch = dispatch;
        this.campaign = campaign;
    }

    /** Takes over what the ledger says now; its counts only while Redis has none, as they take reading every chunk. */
    void update(Campaign latest, Ledger ledger) {
        campaign = latest;
        counted = dispatch.progress().read(latest.id()).isEmpty() ? ledger.totals(latest.id()) : null;
        String shown = dispatch.view().fields(latest.id()).get("estimate");
        estimate = shown == null ? null : Long.valueOf(shown);
    }

    /** Where it stands by Redis, which is good enough between two looks at the ledger. */
    ProgressSnapshot look(long nanoTime, List<WorkerStatus> workers) {
        Map<String, Long> progress = dispatch.progress().read(campaign.id());
        Totals instead = counted;
        if (progress.isEmpty() && instead != null) {
            instead.counters().asMap().forEach((counter, count) -> progress.put(counter.redisField(), count));
            progress.put(KEYS_ENUMERATED, instead.keys());
        }
        long done = 0;
        for (Counter counter : Tally.terms(campaign.kind())) {
            done += progress.getOrDefault(counter.redisField(), 0L);
        }
        long rejects = progress.getOrDefault(Counter.ROWS_REJECTED.redisField(), 0L);
        long retrying = dispatch.queue().backlog(campaign.id()).retrying();
        Long total = total(progress.getOrDefault(KEYS_ENUMERATED, 0L));
        throughput.observe(nanoTime, done);
        long chunksLeft = progress.getOrDefault("chunks.planned", 0L)
                - progress.getOrDefault("chunks.done", 0L)
                - progress.getOrDefault("chunks.failed", 0L);
        sweeping = total != null && done >= total && chunksLeft > 0 ? chunksLeft : 0;
        long discrepancies = DISCREPANCIES.stream()
                .mapToLong(counter -> progress.getOrDefault(counter.redisField(), 0L))
                .sum();
        return snapshot(
                done, total, throughput.perSecond(), rejects, discrepancies, retrying, workers.size(), state(workers));
    }

    /** Where it ended, by the ledger. */
    ProgressSnapshot end(CampaignOutcome outcome, int workers) {
        Long total = campaign.planDone() ? Long.valueOf(outcome.totals().keys()) : null;
        return snapshot(
                outcome.tally().accountedFor(),
                total,
                throughput.perSecond(),
                outcome.rejects(),
                outcome.discrepancies(),
                0,
                workers,
                state(List.of()));
    }

    private ProgressSnapshot snapshot(
            long done,
            @Nullable Long total,
            double perSecond,
            long rejects,
            long discrepancies,
            long retrying,
            int workers,
            @Nullable String state) {
        Duration eta = null;
        if (total != null && perSecond > 0 && total >= done && !campaign.state().ended()) {
            eta = Duration.ofSeconds(Math.round((total - done) / perSecond));
        }
        return new ProgressSnapshot(
                campaign.id(), done, total, perSecond, eta, rejects, discrepancies, retrying, workers, state);
    }

    /** The store's estimate is of all keys, and says nothing of a part of them. */
    private @Nullable Long total(long enumerated) {
        if (campaign.planDone()) {
            return enumerated;
        }
        boolean part = campaign.spec().listed()
                || campaign.spec().from() != null
                || campaign.spec().to() != null;
        Long whole = estimate;
        return part || whole == null ? null : Long.valueOf(Math.max(whole, enumerated));
    }

    private @Nullable String state(List<WorkerStatus> workers) {
        String hold = campaign.holdReason();
        if (hold != null) {
            return "held: " + hold;
        }
        if (campaign.state() != CampaignState.RUNNING) {
            return campaign.state().word();
        }
        // A target that takes no writes takes no reason for the hold either.
        return workers.stream()
                .map(WorkerStatus::problem)
                .filter(problem -> problem != null && ("; " + problem).contains("; " + campaign.id() + ": "))
                .findFirst()
                .map(problem -> "a worker is held: " + problem)
                .orElse(sweeping == 0 ? null : later() + ": " + CampaignWords.counted(sweeping, "chunk") + " left");
    }

    /** What is done once every key has been enumerated and run. */
    private String later() {
        return campaign.kind() == CampaignKind.VERIFY ? "looking again" : "closing sweep";
    }
}
