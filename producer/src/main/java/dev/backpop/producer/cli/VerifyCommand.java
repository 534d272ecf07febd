package dev.backpop.producer.cli;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.command.SettingsOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code backpop verify}. */
@Command(
        name = "verify",
        description = {
            "Compares every key and every mapped column of a plan's target with its legacy store.",
            "Ends with exit code 1 when anything is missing, mismatched, unexpected or unverifiable."
        })
final class VerifyCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final CampaignOptions options = new CampaignOptions();

    @Option(names = "--dry-run", description = "Count keys and chunks and compare nothing; keep nothing.")
    private boolean dryRun;

    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Spec
    private CommandSpec spec;

    VerifyCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        CampaignStart start = new CampaignStart(
                surroundings, settings, options, CampaignKind.VERIFY, spec.commandLine(), json.isJson());
        return dryRun ? start.dryRun() : start.run();
    }
}
