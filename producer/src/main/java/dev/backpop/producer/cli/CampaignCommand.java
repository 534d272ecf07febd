package dev.backpop.producer.cli;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.command.SettingsOptions;
import dev.backpop.plan.Verification.Method;
import dev.backpop.problem.InvalidInputException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that runs campaigns of one kind over a plan's entities. */
abstract class CampaignCommand implements Callable<Integer> {
    private final Surroundings surroundings;
    private final CampaignKind kind;

    @Mixin
    private final CampaignOptions options = new CampaignOptions();

    @Option(
            names = "--dry-run",
            description =
                    "Count keys and chunks and keep nothing; a backfill also tries a sample of rows in a transaction"
                            + " that is rolled back.")
    private boolean dryRun;

    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Spec
    private CommandSpec spec;

    CampaignCommand(Surroundings surroundings, CampaignKind kind) {
        this.surroundings = surroundings;
        this.kind = kind;
    }

    /** What a verification is told beside; of another kind, nothing. */
    VerifyOptions verifyOptions() {
        return new VerifyOptions();
    }

    /** Whether the command is to be tested, instead of run. */
    boolean selfTest() {
        return false;
    }

    @Override
    public final Integer call() throws InterruptedException {
        if (selfTest()) {
            boolean planGiven = spec.commandLine().getParseResult().hasMatchedPositional(0);
            if (dryRun
                    || options.isPart()
                    || options.detached()
                    || verifyOptions().isSampled()) {
                throw new InvalidInputException(
                        "--self-test takes rows of its own choice: leave out --ids, --from, --to, --name, --sample,"
                                + " --seed, --dry-run and --detach");
            }
            if (!planGiven && options.isForPlan()) {
                throw new InvalidInputException(
                        "--entity and --local-workers are about a plan: without PLAN, --self-test has tables and workers"
                                + " of its own");
            }
            SelfTestRun run = new SelfTestRun(surroundings, spec.commandLine(), json.isJson());
            Method method = verifyOptions().method();
            return planGiven ? run.withPlan(options, settings, method) : run.withoutPlan(method);
        }
        CampaignStart start = new CampaignStart(
                surroundings, settings, options, verifyOptions(), kind, spec.commandLine(), json.isJson());
        return dryRun ? start.dryRun() : start.run();
    }
}
