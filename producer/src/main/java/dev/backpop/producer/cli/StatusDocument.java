package dev.backpop.producer.cli;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.RowReason;
import dev.backpop.campaign.Tally;
import dev.backpop.health.Reading;
import dev.backpop.ledger.ChunkErrorGroup;
import dev.backpop.plan.HoldThreshold;
import dev.backpop.producer.report.SignOffDocument;
import dev.backpop.producer.text.StoredJson;
import dev.backpop.queue.Backlog;
import dev.backpop.queue.BudgetState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A campaign's status as programs get it. */
record StatusDocument(
        String id,
        String plan,
        String entity,
        CampaignKind kind,
        CampaignState state,
        @Nullable String reason,
        @Nullable String holdReason,
        boolean clean,
        boolean driven,
        int workers,
        String createdBy,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        boolean listed,
        @Nullable String method,
        @Nullable SampleFinding sample,
        @Nullable JsonNode from,
        @Nullable JsonNode to,
        @Nullable JsonNode keyUpper,
        @Nullable JsonNode planCursor,
        boolean planDone,
        long keysEnumerated,
        long keysDone,
        Map<String, Long> chunks,
        Map<String, Long> rows,
        boolean addsUp,
        String sum,
        Backlog backlog,
        Map<String, String> settings,
        List<HealthReading> health,
        @Nullable BudgetReading budget,
        List<ChunkErrorGroup> chunkErrors,
        List<RejectsCommand.Group> rejects,
        List<DiscrepanciesCommand.Group> discrepancies,
        List<RowReason> reasons,
        @Nullable SignOffDocument signOff,
        List<String> next) {
    /**
     * How the target fares by one threshold.
     *
     * @param over whether it is exceeded; null when that is not known
     * @param unknown why it is not known; null when it is
     */
    record HealthReading(
            HoldThreshold name,
            @Nullable Boolean over,
            @Nullable String found,
            @Nullable String unknown) {
        static HealthReading of(Reading reading) {
            if (reading instanceof Reading.Known known) {
                return new HealthReading(known.threshold(), known.over(), known.found(), null);
            }
            return new HealthReading(reading.threshold(), null, null, ((Reading.Unknown) reading).why());
        }
    }

    /**
     * The request budget of a legacy store; times in seconds.
     *
     * @param spent requests that count now, those under way included
     * @param interval between two requests of campaigns
     * @param remaining what the server says it will take for now; null when it has not said so
     * @param closed how long it is not asked at all
     * @param why the reason for that; null when it may be asked
     * @param requestsLeft how many requests the campaign's keys take that are left, at least; null when it cannot be told
     * @param timeLeft how long those take, at least
     */
    record BudgetReading(
            int requests,
            double per,
            long spent,
            long underWay,
            double interval,
            @Nullable Long remaining,
            double closed,
            @Nullable String why,
            @Nullable Long requestsLeft,
            @Nullable Double timeLeft) {
        static BudgetReading of(RequestBudget needed) {
            BudgetState state = needed.state();
            Duration timeLeft = needed.timeLeft();
            return new BudgetReading(
                    state.requests(),
                    seconds(state.per()),
                    state.spent(),
                    state.underWay(),
                    seconds(state.interval()),
                    state.remaining(),
                    seconds(state.closed()),
                    state.why(),
                    needed.requestsLeft(),
                    timeLeft == null ? null : seconds(timeLeft));
        }

        private static double seconds(Duration time) {
            return time.toNanos() / 1e9;
        }
    }

    static StatusDocument of(CampaignStatus status) {
        Campaign campaign = status.campaign();
        CampaignOutcome outcome = status.outcome();
        Tally tally = outcome.tally();
        return new StatusDocument(
                campaign.id(),
                campaign.plan(),
                campaign.entity(),
                campaign.kind(),
                campaign.state(),
                campaign.reason(),
                campaign.holdReason(),
                outcome.clean(),
                status.driven(),
                status.workers().size(),
                campaign.createdBy(),
                campaign.createdAt(),
                campaign.startedAt(),
                campaign.finishedAt(),
                campaign.spec().listed(),
                campaign.spec().method(),
                SampleFinding.of(outcome),
                StoredJson.node(campaign.spec().from()),
                StoredJson.node(campaign.spec().to()),
                StoredJson.node(campaign.keyUpper()),
                StoredJson.node(campaign.planCursor()),
                campaign.planDone(),
                outcome.totals().keys(),
                outcome.totals().keysDone(),
                status.chunks(),
                status.rows(),
                tally.addsUp(),
                tally.explain(),
                status.backlog(),
                status.settings().stream().collect(Collectors.toMap(SettingLine::name, SettingLine::value)),
                status.health().stream().map(HealthReading::of).toList(),
                status.budget().map(BudgetReading::of).orElse(null),
                status.errors(),
                status.rejects().stream().map(RejectsCommand.Group::of).toList(),
                status.discrepancies().stream()
                        .map(DiscrepanciesCommand.Group::of)
                        .toList(),
                status.reasons(),
                status.signOff()
                        .map(standing -> new SignOffDocument(campaign, standing, List.of()))
                        .orElse(null),
                NextSteps.of(status));
    }
}
