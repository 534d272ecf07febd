package dev.backpop.producer.cli;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignState;
import dev.backpop.producer.report.SignOffStanding;
import dev.backpop.queue.WorkerStatus;
import java.util.ArrayList;
import java.util.List;

/** What a person does next about a campaign, most urgent first. */
final class NextSteps {
    private NextSteps() {}

    static List<String> of(CampaignStatus status) {
        Campaign campaign = status.campaign();
        List<String> steps = new ArrayList<>();
        if (!campaign.state().ended()) {
            addForActive(status, steps);
        }
        CampaignOutcome outcome = status.outcome();
        if (campaign.state() == CampaignState.CANCELLED) {
            return steps;
        }
        String id = campaign.id();
        if (outcome.failedChunks() > 0) {
            steps.add("put right what the failed chunks ended with, then: backpop retry " + id);
        }
        if (outcome.rejects() > 0) {
            steps.add("see the rejects: backpop rejects " + id + "; once their causes are put right: backpop retry "
                    + id);
        }
        if (outcome.deferred() > 0 && campaign.state().ended()) {
            steps.add("move the rows that the deferred ones refer to, then: backpop retry " + id);
        }
        if (outcome.discrepancies() > 0) {
            steps.add("see the discrepancies: backpop discrepancies " + id
                    + (campaign.state().ended() ? "; what a repair would do: backpop repair " + id : ""));
        }
        if (steps.isEmpty()
                && campaign.state() == CampaignState.COMPLETED
                && campaign.kind() == CampaignKind.BACKFILL) {
            steps.add("prove it: backpop verify PLAN --entity " + campaign.entity());
        }
        if (steps.isEmpty()
                && campaign.state() == CampaignState.COMPLETED
                && campaign.kind() == CampaignKind.VERIFY
                && !status.signOff().map(SignOffStanding::valid).orElse(false)) {
            steps.add(
                    status.signOff().isPresent()
                            ? "the sign-off does not hold any more: verify again, and sign that: backpop verify PLAN --entity "
                                    + campaign.entity()
                            : "read the report: backpop report " + id + "; then sign it: backpop sign-off " + id
                                    + " --by NAME");
        }
        if (steps.isEmpty() && !campaign.state().ended()) {
            steps.add("watch it: backpop watch " + id);
        }
        return steps;
    }

    private static void addForActive(CampaignStatus status, List<String> steps) {
        String id = status.campaign().id();
        if (status.campaign().state() == CampaignState.PAUSED) {
            steps.add("it is paused; go on with: backpop resume " + id);
            return;
        }
        if (!status.driven()) {
            steps.add("no producer is driving it; go on with: backpop resume " + id);
        }
        if (status.workers().isEmpty()) {
            steps.add("no worker is alive; " + WorkersCommand.START_ONE);
        } else if (status.workers().stream().map(WorkerStatus::problem).allMatch(problem -> problem != null)) {
            steps.add("no worker can work; see why: backpop workers");
        }
    }
}
