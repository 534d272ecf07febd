package dev.backpop.producer.cli;

import dev.backpop.campaign.Campaign;
import dev.backpop.command.ExitCode;
import dev.backpop.producer.driver.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The command {@code backpop rebuild}. */
@Command(
        name = "rebuild",
        description = {
            "Brings back what Redis has lost of a campaign, from the ledger: its state, its progress and its tasks.",
            "A producer that drives the campaign does this by itself every few seconds."
        })
final class RebuildCommand extends SessionCommand {
    @Parameters(paramLabel = "ID", description = "The campaign.")
    private String id = "";

    RebuildCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    int run(Session session, Output output) {
        Campaign campaign = session.office().require(id);
        boolean known = session.dispatch().view().exists(id);
        String before = known ? "" : "Redis knew nothing of it. ";
        if (campaign.state().ended()) {
            session.dispatch().retire(campaign);
            output.line(id + ": " + before + "It is " + campaign.state().word()
                    + " and needs no tasks; its state and progress are shown as the ledger has them.");
            return ExitCode.CLEAN;
        }
        int missing = session.dispatch().rebuild(campaign);
        output.line(id + ": " + before
                + (missing == 0
                        ? "No task was missing"
                        : CampaignWords.counted(missing, "missing task") + (missing == 1 ? " was" : " were")
                                + " queued again")
                + "; its state and progress are those of the ledger.");
        if (!CampaignWords.driven(session.ledger(), id)) {
            output.line("No producer is driving it. Go on with: backpop resume " + id);
        }
        return ExitCode.CLEAN;
    }
}
