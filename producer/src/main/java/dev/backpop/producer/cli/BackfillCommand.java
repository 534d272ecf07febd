package dev.backpop.producer.cli;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.command.SettingsOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code backpop backfill}. */
@Command(
        name = "backfill",
        description = {
            "Moves a plan's historical rows into the target, entity by entity, and stays until they have arrived.",
            "Stop it with Ctrl-C whenever you like: the campaign stays, and 'backpop resume' carries on."
        })
final class BackfillCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final CampaignOptions options = new CampaignOptions();

    @Option(
            names = "--dry-run",
            description = "Count keys and chunks and try a sample of rows in a transaction that is rolled back; keep"
                    + " nothing.")
    private boolean dryRun;

    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Spec
    private CommandSpec spec;

    BackfillCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        CampaignStart start = new CampaignStart(
                surroundings, settings, options, CampaignKind.BACKFILL, spec.commandLine(), json.isJson());
        return dryRun ? start.dryRun() : start.run();
    }
}
