package dev.backpop.producer.cli;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.ChunkState;
import dev.backpop.campaign.Counter;
import dev.backpop.ledger.Totals;
import dev.backpop.producer.driver.Session;
import dev.backpop.producer.text.Quantities;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is said of a campaign when it has ended. */
final class CampaignSummary {
    private final Session session;
    private final Output output;
    private final boolean json;

    CampaignSummary(Session session, Output output, boolean json) {
        this.session = session;
        this.output = output;
        this.json = json;
    }

    /**
     * One campaign's end as a program reads it.
     *
     * @param counters by name, as in Redis
     */
    private record Document(
            String id,
            String plan,
            String entity,
            String kind,
            String state,
            @Nullable String reason,
            long enumerated,
            Map<String, Long> counters,
            long chunksDone,
            long chunksFailed,
            boolean addsUp,
            double seconds,
            double rowsPerSecond,
            @Nullable SampleFinding sample) {}

    /** Prints it. @return the exit code that the campaign deserves */
    int print(Campaign campaign) {
        CampaignOutcome outcome = CampaignOutcome.of(session.ledger(), campaign);
        Totals totals = outcome.totals();
        double seconds = seconds(campaign);
        double rate = seconds == 0 ? 0 : totals.counters().get(Counter.ROWS_READ) / seconds;
        if (json) {
            output.json(document(outcome, seconds, rate));
            return outcome.exitCode();
        }
        output.line(campaign.id() + " " + campaign.state().word() + " in "
                + Quantities.duration(Duration.ofMillis((long) (seconds * 1000))) + ", "
                + Quantities.rate(rate, "rows"));
        output.line("  " + totals.tally(campaign.kind()).explain());
        SampleFinding sample = SampleFinding.of(outcome);
        if (sample != null) {
            output.line("  " + sample.text());
        }
        String reason = campaign.reason();
        if (reason != null) {
            output.line("  " + reason);
        }
        if (totals.counters().get(Counter.ROWS_UNEXPECTED) > 0) {
            output.line("  beside them, unexpected in the target: "
                    + Quantities.count(totals.counters().get(Counter.ROWS_UNEXPECTED)));
        }
        long swept = totals.counters().get(Counter.ROWS_SWEPT);
        long renewed = totals.counters().get(Counter.ROWS_RENEWED);
        if (campaign.kind() == CampaignKind.REPAIR && swept > 0) {
            output.line("  deleted, because the old store does not have them: " + Quantities.count(swept));
        } else if (swept + renewed > 0) {
            output.line("  the closing sweep removed " + Quantities.count(swept) + " and wrote again "
                    + Quantities.count(renewed) + ", which live writers had changed before they were there");
        }
        if (outcome.rejects() + outcome.deferred() > 0) {
            output.line("  look at the rejects with: backpop rejects " + campaign.id());
        }
        if (totals.counters().get(Counter.ROWS_UNVERIFIABLE) > 0) {
            output.line(
                    "  unverifiable rows are there, but the mapping fails on them: the rejects of their backfill, or"
                            + " 'backpop plan check', say why");
        }
        if (outcome.discrepancies() > 0) {
            output.line("  look at the discrepancies with: backpop discrepancies " + campaign.id());
        }
        return outcome.exitCode();
    }

    private static Document document(CampaignOutcome outcome, double seconds, double rate) {
        Campaign campaign = outcome.campaign();
        Totals totals = outcome.totals();
        Map<String, Long> counters = new LinkedHashMap<>();
        for (Counter counter : Counter.values()) {
            counters.put(counter.redisField(), totals.counters().get(counter));
        }
        return new Document(
                campaign.id(),
                campaign.plan(),
                campaign.entity(),
                campaign.kind().word(),
                campaign.state().word(),
                campaign.reason(),
                totals.keysDone(),
                counters,
                totals.chunks(ChunkState.DONE),
                totals.chunks(ChunkState.FAILED),
                totals.tally(campaign.kind()).addsUp(),
                seconds,
                rate,
                SampleFinding.of(outcome));
    }

    private static double seconds(Campaign campaign) {
        Instant startedAt = campaign.startedAt();
        Instant finishedAt = campaign.finishedAt();
        return startedAt == null || finishedAt == null
                ? 0
                : Duration.between(startedAt, finishedAt).toMillis() / 1000.0;
    }
}
