package dev.backpop.producer.cli;

import dev.backpop.campaign.CampaignState;
import dev.backpop.command.ExitCode;
import dev.backpop.producer.driver.Session;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The command {@code backpop retry}. */
@Command(
        name = "retry",
        description = {
            "Runs the failed chunks of a campaign again.",
            "Rejected rows are not among them. Once their cause is put right, a new backfill replays them:",
            "  backpop rejects ID --keys | backpop backfill PLAN --entity E --ids -"
        })
final class RetryCommand extends SessionCommand {
    @Parameters(paramLabel = "ID", description = "The campaign.")
    private String id = "";

    RetryCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    int run(Session session, Output output) {
        OptionalLong chunks = session.office().retryFailedChunks(id);
        if (chunks.isEmpty()) {
            output.line(id + " has no failed chunks: there is nothing to retry.");
            long rejects = CampaignOutcome.of(session.ledger(), session.office().require(id))
                    .rejects();
            if (rejects > 0) {
                output.line("It has " + CampaignWords.counted(rejects, "reject") + ": see backpop rejects " + id);
            }
            return ExitCode.CLEAN;
        }
        output.line(
                chunks.getAsLong() == 0
                        ? id + ": planning will go on from where it failed."
                        : id + ": " + CampaignWords.counted(chunks.getAsLong(), "chunk") + " will be run again.");
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
