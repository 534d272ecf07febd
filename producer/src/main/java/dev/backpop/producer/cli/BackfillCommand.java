package dev.backpop.producer.cli;

import dev.backpop.campaign.CampaignKind;
import picocli.CommandLine.Command;

/** The command {@code backpop backfill}. */
@Command(
        name = "backfill",
        description = {
            "Moves a plan's historical rows into the target, entity by entity, and stays until they have arrived.",
            "Stop it with Ctrl-C whenever you like: the campaign stays, and 'backpop resume' carries on."
        })
final class BackfillCommand extends CampaignCommand {
    BackfillCommand(Surroundings surroundings) {
        super(surroundings, CampaignKind.BACKFILL);
    }
}
