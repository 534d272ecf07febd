package dev.backpop.producer.cli;

import dev.backpop.producer.driver.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The command {@code backpop status}. */
@Command(
        name = "status",
        description = {
            "Shows everything about one campaign, and what to do next.",
            "Exits 1 as soon as there are rejects, discrepancies or failed chunks, or the campaign was cancelled or failed."
        })
final class StatusCommand extends SessionCommand {
    @Parameters(paramLabel = "ID", description = "The campaign.")
    private String id = "";

    @Mixin
    private JsonOption json = new JsonOption();

    StatusCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    int run(Session session, Output output) {
        CampaignStatus status = CampaignStatus.of(session, session.office().require(id), surroundings.environment());
        if (json.isJson()) {
            output.json(StatusDocument.of(status));
        } else {
            new StatusPage(output, surroundings.clock()).print(status);
        }
        return status.outcome().exitCode();
    }
}
