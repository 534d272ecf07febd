package dev.backpop.producer.cli;

import dev.backpop.campaign.CampaignKind;
import picocli.CommandLine.Command;

/** The command {@code backpop verify}. */
@Command(
        name = "verify",
        description = {
            "Compares every key and every mapped column of a plan's target with its legacy store.",
            "Ends with exit code 1 when anything is missing, mismatched, unexpected or unverifiable."
        })
final class VerifyCommand extends CampaignCommand {
    VerifyCommand(Surroundings surroundings) {
        super(surroundings, CampaignKind.VERIFY);
    }
}
