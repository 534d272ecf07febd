package dev.backpop.producer.cli;

import dev.backpop.campaign.CampaignKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

    // So that no plan is asked for with it.
    @SuppressWarnings("deprecation")
    @Option(
            names = "--self-test",
            help = true,
            description = "Plant faults of every kind into copies of rows, and fail unless each is found and named and"
                    + " nothing else is reported. Without PLAN on tables and servers of its own.")
    private boolean selfTest;

    VerifyCommand(Surroundings surroundings) {
        super(surroundings, CampaignKind.VERIFY);
    }

    @Override
    VerifyOptions verifyOptions() {
        return options;
    }

    @Override
    boolean selfTest() {
        return selfTest;
    }
}
