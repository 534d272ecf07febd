package dev.backpop.producer.cli;

import dev.backpop.campaign.CampaignState;
import dev.backpop.command.ExitCode;
import dev.backpop.producer.driver.CampaignOffice;
import dev.backpop.producer.driver.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The command {@code backpop retry}. */
@Command(
        name = "retry",
        description = {
            "Runs the failed chunks of a campaign again, and tries its rejected and deferred rows once more.",
            "To be used once their causes are put right."
        })
final class RetryCommand extends SessionCommand {
    @Parameters(paramLabel = "ID", description = "The campaign.")
    private String id = "";

    RetryCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    int run(Session session, Output output) {
        Optional<CampaignOffice.Retry> retry = session.office().retry(id);
        if (retry.isEmpty()) {
            output.line(id + " has neither failed chunks nor rejects: there is nothing to retry.");
            return ExitCode.CLEAN;
        }
        List<String> again = new ArrayList<>();
        if (retry.get().chunks() > 0) {
            again.add(CampaignWords.counted(retry.get().chunks(), "chunk"));
        }
        if (retry.get().rows() > 0) {
            again.add(CampaignWords.counted(retry.get().rows(), "rejected or deferred row"));
        }
        output.line(
                again.isEmpty()
                        ? id + " will go on from where it failed."
                        : id + ": " + String.join(" and ", again) + " will be run again.");
        if (session.office().require(id).state() == CampaignState.PAUSED) {
            output.line("It is paused. Go on with: backpop resume " + id);
        } else if (CampaignWords.driven(session.ledger(), id)) {
            output.line("A producer is driving it. Watch it with: backpop watch " + id);
        } else {
            output.line("No producer is driving it. Go on with: backpop resume " + id);
        }
        return ExitCode.CLEAN;
    }
}
