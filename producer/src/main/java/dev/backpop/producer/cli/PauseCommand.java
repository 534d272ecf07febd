package dev.backpop.producer.cli;

import dev.backpop.campaign.CampaignState;
import dev.backpop.command.ExitCode;
import dev.backpop.producer.driver.Session;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The command {@code backpop pause}. */
@Command(
        name = "pause",
        description = "Pauses campaigns: workers finish the chunks that they have begun and start no more of them.")
final class PauseCommand extends SessionCommand {
    @Parameters(arity = "1..*", paramLabel = "ID", description = "The campaigns.")
    private List<String> ids = new ArrayList<>();

    PauseCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    int run(Session session, Output output) {
        EachCampaign.run(session, ids, campaign -> {
            session.office().change(campaign.id(), CampaignState.PAUSED, null);
            output.line(campaign.id() + " is paused; chunks that workers have begun are still finished. Go on with:"
                    + " backpop resume " + campaign.id());
        });
        return ExitCode.CLEAN;
    }
}
