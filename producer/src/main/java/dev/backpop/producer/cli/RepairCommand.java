package dev.backpop.producer.cli;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.Discrepancy;
import dev.backpop.command.ExitCode;
import dev.backpop.command.SettingsOptions;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.producer.driver.Session;
import dev.backpop.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code backpop repair}. */
@Command(
        name = "repair",
        description = {
            "Makes the target's rows of a verification's discrepancies what the legacy store says, and verifies them again.",
            "Missing and mismatched rows are written, unexpected ones removed; rows that live writers touch meanwhile are left"
                    + " to them. Can be run again."
        })
final class RepairCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Parameters(paramLabel = "ID", description = "The verification.")
    private String id = "";

    @Option(names = "--name", paramLabel = "ID", description = "The repair's id; made up when it is not given.")
    private @Nullable String name;

    @Option(names = "--dry-run", description = "Say what would be repaired, and change nothing.")
    private boolean dryRun;

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

    RepairCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        Settings settings = settingsOptions.settings(surroundings.environment());
        Output output = Output.of(spec.commandLine());
        try (Session session = Session.openExisting(
                settings, settingsOptions.planEnvironment(surroundings.environment()), surroundings.clock())) {
            Campaign verification = session.office().require(id);
            Map<Discrepancy.Kind, Long> open = session.ledger().discrepancyCounts(id);
            if (!verification.state().ended()) {
                throw new InvalidInputException("campaign " + id + " is "
                        + verification.state().word() + ": let it end before its discrepancies are repaired");
            }
            if (verification.kind() == CampaignKind.VERIFY
                    && open.values().stream().allMatch(count -> count == 0)) {
                output.note(id + " has no open discrepancies: there is nothing to repair.");
                return ExitCode.CLEAN;
            }
            if (dryRun) {
                say(verification, open, output);
                return ExitCode.CLEAN;
            }
            try (LocalWorkers workers =
                    LocalWorkers.start(localWorkers, settings, settings.target(), surroundings.environment(), output)) {
                return repair(session, output, workers.count() > 0);
            }
        }
    }

    private int repair(Session session, Output output, boolean workersComing) throws InterruptedException {
        String createdBy = Operator.of(surroundings.environment());
        Campaign repair = session.office().createOverDiscrepancies(id, CampaignKind.REPAIR, name, createdBy);
        int repaired = run(session, output, repair, workersComing);
        if (session.office().require(repair.id()).state() != CampaignState.COMPLETED) {
            return repaired;
        }
        Campaign again = session.office().createOverDiscrepancies(id, CampaignKind.VERIFY, null, createdBy);
        int verified = run(session, output, again, workersComing);
        if (session.office().require(again.id()).state() == CampaignState.COMPLETED) {
            int resolved = session.ledger().resolveDiscrepancies(id, again.id());
            output.note("resolved of " + id + ": " + Quantities.count(resolved));
        }
        return Math.max(repaired, verified);
    }

    private int run(Session session, Output output, Campaign campaign, boolean workersComing)
            throws InterruptedException {
        return new CampaignRun(session, surroundings, output, spec.commandLine(), json.isJson())
                .run(List.of(campaign.id()), workersComing);
    }

    private void say(Campaign verification, Map<Discrepancy.Kind, Long> open, Output output) {
        if (json.isJson()) {
            output.json(open);
            return;
        }
        output.line("would repair " + verification.plan() + "/" + verification.entity() + ": "
                + open.entrySet().stream()
                        .filter(count -> count.getValue() > 0)
                        .map(count -> Quantities.count(count.getValue()) + " "
                                + count.getKey().word())
                        .collect(Collectors.joining(", "))
                + "; missing and mismatched rows would be written, unexpected ones removed");
    }
}
