package dev.backpop.producer.cli;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.ChunkState;
import dev.backpop.campaign.Counter;
import dev.backpop.command.ExitCode;
import dev.backpop.ledger.Totals;
import dev.backpop.producer.driver.Session;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The command {@code backpop cancel}. */
@Command(
        name = "cancel",
        description = {
            "Ends campaigns for good. Rows that were written stay, and so does all that the ledger says of them.",
            "A cancelled campaign cannot be resumed; to go on later, use: backpop pause ID"
        })
final class CancelCommand extends SessionCommand {
    @Parameters(arity = "1..*", paramLabel = "ID", description = "The campaigns.")
    private List<String> ids = new ArrayList<>();

    CancelCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    int run(Session session, Output output) {
        EachCampaign.run(session, ids, campaign -> {
            session.office().change(campaign.id(), CampaignState.CANCELLED, null);
            Totals totals = session.ledger().totals(campaign.id());
            long written = totals.counters().get(Counter.ROWS_WRITTEN);
            String stays = campaign.kind() == CampaignKind.VERIFY
                    ? "what it found stays in the ledger"
                    : CampaignWords.counted(written, "row") + " already written stay" + (written == 1 ? "s" : "");
            output.line(campaign.id() + " is cancelled: " + stays + ", "
                    + CampaignWords.counted(totals.chunks(ChunkState.PLANNED), "planned chunk")
                    + " will not be run. It cannot be resumed; a new campaign starts from the beginning.");
        });
        return ExitCode.CLEAN;
    }
}
