package dev.backpop.producer.cli;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignSpec;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.ChunkState;
import dev.backpop.health.HoldDecision;
import dev.backpop.health.Reading;
import dev.backpop.producer.report.SignOffStanding;
import dev.backpop.producer.text.Quantities;
import dev.backpop.producer.text.StoredJson;
import dev.backpop.producer.text.Text;
import dev.backpop.queue.Backlog;
import dev.backpop.queue.BudgetState;
import dev.backpop.queue.WorkerStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A campaign's status as people get it. */
final class StatusPage {
    private static final int LABEL = 12;
    private static final int LONGEST_ERROR = 300;

    private final Output output;
    private final Clock clock;

    StatusPage(Output output, Clock clock) {
        this.output = output;
        this.clock = clock;
    }

    void print(CampaignStatus status) {
        Campaign campaign = status.campaign();
        line("campaign", campaign.id());
        line(
                "what",
                campaign.kind().word() + " of " + campaign.entity() + ", plan " + campaign.plan()
                        + scope(campaign.spec()));
        line("state", CampaignWords.state(campaign));
        line("reason", campaign.reason());
        line("settings", settings(status));
        status.health().forEach(reading -> line("target", health(reading)));
        status.budget().ifPresent(budget -> line("budget", budget(budget)));
        line("created", at(campaign.createdAt()) + " by " + campaign.createdBy());
        line("started", at(campaign.startedAt()));
        line("finished", finished(campaign));
        status.signOff().ifPresent(this::printSignOff);
        output.line("");
        printNumbers(status);
        printGroups(status);
        List<String> next = NextSteps.of(status);
        if (!next.isEmpty()) {
            output.line("");
            next.forEach(step -> line("next", step));
        }
    }

    private static String budget(RequestBudget needed) {
        BudgetState budget = needed.state();
        Long remaining = budget.remaining();
        String why = budget.why();
        return Quantities.count(budget.spent()) + " of "
                + Quantities.count(budget.requests()) + " requests in "
                + Quantities.duration(budget.per()) + " are taken, "
                + Quantities.count(budget.underWay()) + " of them under way"
                + (remaining == null ? "" : "; the server takes " + Quantities.count(remaining) + " more for now")
                + "; " + timeLeft(needed)
                + (why == null ? "" : "; closed for " + Quantities.duration(budget.closed()) + ": it " + why);
    }

    private static String timeLeft(RequestBudget needed) {
        Long requests = needed.requestsLeft();
        Duration time = needed.timeLeft();
        return requests == null || time == null
                ? "1,000 requests take " + Quantities.duration(needed.state().timeFor(1_000)) + " at least"
                : CampaignWords.counted(requests, "request") + " or more are left, and take "
                        + Quantities.duration(time) + " at least";
    }

    private void printSignOff(SignOffStanding standing) {
        line("sign-off", "it " + SignOffCommand.words(standing));
        standing.stale().forEach(reason -> line("stale", reason));
    }

    private void printNumbers(CampaignStatus status) {
        CampaignOutcome outcome = status.outcome();
        Campaign campaign = status.campaign();
        line(
                "keys",
                Quantities.count(outcome.totals().keys()) + " enumerated, "
                        + Quantities.count(outcome.totals().keysDone()) + " in chunks that are done"
                        + (campaign.planDone() ? "" : "; enumeration goes on"));
        line(
                "chunks",
                numbers(status.chunks())
                        + (outcome.totals().chunks(ChunkState.SPLIT) == 0
                                ? ""
                                : "; those split were too large, and smaller ones took their place"));
        line("rows", numbers(status.rows()));
        line("sum", outcome.tally().explain());
        status.reasons().forEach(reason -> line(reason.outcome().word(), CampaignWords.reason(reason)));
        SampleFinding sample = SampleFinding.of(outcome);
        line("sample", sample == null ? null : sample.text());
        Backlog backlog = status.backlog();
        line(
                "in Redis",
                Quantities.count(backlog.queued()) + " queued, "
                        + Quantities.count(backlog.leased()) + " leased, "
                        + Quantities.count(backlog.retrying()) + " retrying, "
                        + Quantities.count(backlog.setAside()) + " set aside");
        if (!campaign.state().ended()) {
            line("driver", status.driven() ? "a producer is driving it" : "none");
        }
        long troubled = status.workers().stream()
                .map(WorkerStatus::problem)
                .filter(problem -> problem != null)
                .count();
        line(
                "workers",
                status.workers().size() + " alive"
                        + (troubled == 0 ? "" : ", " + troubled + " with a problem: backpop workers"));
    }

    private void printGroups(CampaignStatus status) {
        if (!status.errors().isEmpty()) {
            output.line("");
            status.errors()
                    .forEach(group -> line(
                            "failed",
                            CampaignWords.counted(group.chunks(), "chunk")
                                    + (group.chunks() == 1 ? " (no. " : " (the first: no. ") + group.firstChunk()
                                    + "): "
                                    + Text.cutMiddle(Text.printable(group.error()), LONGEST_ERROR)));
        }
        if (!status.rejects().isEmpty()) {
            output.line("");
            output.table(
                    RejectsCommand.GROUP_HEADERS,
                    status.rejects().stream().map(RejectsCommand::cells).toList());
        }
        if (!status.discrepancies().isEmpty()) {
            output.line("");
            output.table(
                    DiscrepanciesCommand.GROUP_HEADERS,
                    status.discrepancies().stream()
                            .map(DiscrepanciesCommand::cells)
                            .toList());
        }
    }

    private void line(String label, @Nullable String value) {
        if (value != null) {
            output.line(label + " ".repeat(LABEL - label.length()) + value);
        }
    }

    private static @Nullable String settings(CampaignStatus status) {
        String changed = status.settings().stream()
                .filter(SettingLine::changed)
                .map(SettingLine::difference)
                .collect(Collectors.joining(", "));
        return changed.isEmpty() ? null : changed;
    }

    /** What a look at the target found that people should know; null when all is well. */
    private static @Nullable String health(Reading reading) {
        if (reading instanceof Reading.Unknown unknown) {
            return unknown.threshold().word() + " is not known: " + unknown.why();
        }
        return reading instanceof Reading.Known known && known.share() >= HoldDecision.PRESSED ? known.found() : null;
    }

    private static String scope(CampaignSpec spec) {
        CampaignSpec.Sample sample = spec.sample();
        if (spec.listed() && sample == null) {
            return ", keys given one by one";
        }
        String drawn = sample == null
                ? ""
                : ", a sample of " + Quantities.count(sample.size()) + " of " + Quantities.count(sample.population())
                        + " keys, seed " + sample.seed();
        String from = spec.from();
        String to = spec.to();
        return drawn
                + (from == null ? "" : ", from " + StoredJson.key(from))
                + (to == null ? "" : ", to " + StoredJson.key(to));
    }

    private @Nullable String at(@Nullable Instant time) {
        return time == null ? null : time + " (" + CampaignWords.age(time, clock) + " ago)";
    }

    private @Nullable String finished(Campaign campaign) {
        Instant started = campaign.startedAt();
        Instant finished = campaign.finishedAt();
        if (finished == null || campaign.state() == CampaignState.RUNNING) {
            return null;
        }
        return at(finished)
                + (started == null ? "" : ", after " + Quantities.duration(Duration.between(started, finished)));
    }

    private static String numbers(Map<String, Long> numbers) {
        return numbers.entrySet().stream()
                .map(entry -> Quantities.count(entry.getValue()) + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }
}
