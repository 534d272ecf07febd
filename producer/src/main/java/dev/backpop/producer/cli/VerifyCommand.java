package dev.backpop.producer.cli;

import dev.backpop.campaign.CampaignKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command {@code backpop verify}. */
@Command(
        name = "verify",
        description = {
            "Compares every key and every mapped column of a plan's target with its legacy store.",
            "With --sample, some of the keys: that proves a bound, and says nothing of rows that only the target has.",
            "Ends with exit code 1 when anything is missing, mismatched, unexpected or unverifiable."
        })
final class VerifyCommand extends CampaignCommand {
    @Mixin
    private final VerifyOptions options = new VerifyOptions();

    VerifyCommand(Surroundings surroundings) {
        super(surroundings, CampaignKind.VERIFY);
    }

    @Override
    VerifyOptions verifyOptions() {
        return options;
    }
}
