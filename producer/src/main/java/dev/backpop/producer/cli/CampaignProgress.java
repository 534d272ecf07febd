package dev.backpop.producer.cli;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Tally;
import dev.backpop.producer.driver.Session;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Turns what Redis shows of a campaign into a line of progress. For one thread. */
final class CampaignProgress {
    private static final long RATE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Session session;
    private final String id;
    private final LongSupplier nanoTime;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private ProgressSnapshot last;

    CampaignProgress(Session session, String id, LongSupplier nanoTime) {
        this.session = session;
        this.id = id;
        this.nanoTime = nanoTime;
        this.last = new ProgressSnapshot(id, 0, null, 0, null, 0, 0, 0, null);
    }

    /** @throws dev.backpop.problem.StoreUnreachableException when Redis cannot be asked */
    ProgressSnapshot snapshot(Campaign campaign) {
        Map<String, Long> progress = session.dispatch().progress().read(id);
        long done = Tally.terms(campaign.kind()).stream()
                .mapToLong(counter -> progress.getOrDefault(counter.redisField(), 0L))
                .sum();
        long enumerated = progress.getOrDefault("keys.enumerated", 0L);
        Long total = campaign.planDone() || campaign.state().ended() ? Long.valueOf(enumerated) : estimate(enumerated);
        double rate = rate(done);
        Duration eta = total == null || rate < 1 || campaign.state() != CampaignState.RUNNING || done >= total
                ? null
                : Duration.ofSeconds((long) ((total - done) / rate));
        last = new ProgressSnapshot(
                id,
                done,
                total,
                rate,
                eta,
                bad(campaign.kind(), progress),
                session.dispatch().queue().backlog(id).retrying(),
                session.dispatch().heartbeats().alive().size(),
                state(campaign));
        return last;
    }

    /** The last snapshot, waiting for a store. */
    ProgressSnapshot waiting(String reason) {
        return new ProgressSnapshot(
                id,
                last.done(),
                last.total(),
                0,
                null,
                last.rejects(),
                last.retries(),
                last.workers(),
                "waiting: " + reason);
    }

    private @Nullable Long estimate(long enumerated) {
        String estimate = session.dispatch().view().fields(id).get("estimate");
        return estimate == null ? null : Long.valueOf(Math.max(enumerated, Long.parseLong(estimate)));
    }

    private static long bad(CampaignKind kind, Map<String, Long> progress) {
        if (kind != CampaignKind.VERIFY) {
            return progress.getOrDefault(Counter.ROWS_REJECTED.redisField(), 0L);
        }
        return progress.getOrDefault(Counter.ROWS_MISMATCHED.redisField(), 0L)
                + progress.getOrDefault(Counter.ROWS_MISSING.redisField(), 0L)
                + progress.getOrDefault(Counter.ROWS_UNEXPECTED.redisField(), 0L);
    }

    private static @Nullable String state(Campaign campaign) {
        if (campaign.state() == CampaignState.RUNNING) {
            return campaign.holdReason() == null ? null : "holds: " + campaign.holdReason();
        }
        return campaign.state().word();
    }

    private double rate(long done) {
        long now = nanoTime.getAsLong();
        samples.addLast(new Sample(now, done));
        while (samples.size() > 2 && now - samples.getFirst().at() > RATE_NANOS) {
            samples.removeFirst();
        }
        Sample first = samples.getFirst();
        long nanos = now - first.at();
        return nanos <= 0 ? 0 : Math.max(0, (done - first.done()) * 1e9 / nanos);
    }

    private record Sample(long at, long done) {}
}
