package dev.backpop.producer.cli;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignState;
import dev.backpop.command.SettingsOptions;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.producer.driver.Session;
import dev.backpop.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code backpop resume}. */
@Command(
        name = "resume",
        description = {
            "Carries on with campaigns that are paused or whose driver has gone, one after the other.",
            "Where another process drives a campaign, this one follows it, and takes over should that one go."
        })
final class ResumeCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Parameters(arity = "1..*", paramLabel = "ID", description = "The campaigns, in the order to run them.")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--detach", description = "Drive them in a process of its own and return at once.")
    private boolean detach;

    @Option(
            names = "--local-workers",
            paramLabel = "N",
            description = "Also run N lanes on this machine for as long as this command runs.")
    private int localWorkers;

    @Mixin
    private final SettingsOptions settingsOptions = new SettingsOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Spec
    private CommandSpec spec;

    ResumeCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        Settings settings = settingsOptions.settings(surroundings.environment());
        Output output = Output.of(spec.commandLine());
        try (Session session = Session.openExisting(
                settings, settingsOptions.planEnvironment(surroundings.environment()), surroundings.clock())) {
            for (String id : ids) {
                Campaign campaign = session.office().require(id);
                if (campaign.state().ended()) {
                    throw new InvalidInputException("campaign " + id + " is "
                            + campaign.state().word() + ": there is nothing to resume"
                            + (campaign.state() == CampaignState.FAILED
                                    ? "; 'backpop retry " + id + "' tries again"
                                    : ""));
                }
                if (campaign.state() == CampaignState.PAUSED) {
                    session.office().change(id, CampaignState.RUNNING, null);
                }
            }
            if (detach) {
                return Detached.resume(ids, settings, settings.target(), output, json.isJson());
            }
            try (LocalWorkers workers =
                    LocalWorkers.start(localWorkers, settings, settings.target(), surroundings.environment(), output)) {
                return new CampaignRun(session, surroundings, output, spec.commandLine(), json.isJson())
                        .run(ids, workers.count() > 0);
            }
        }
    }
}
