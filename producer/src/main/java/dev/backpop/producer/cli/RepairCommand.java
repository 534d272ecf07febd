package dev.backpop.producer.cli;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.Discrepancy;
import dev.backpop.command.ExitCode;
import dev.backpop.command.SettingsOptions;
import dev.backpop.ledger.DiscrepancyState;
import dev.backpop.ledger.Ledger;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.producer.driver.Session;
import dev.backpop.producer.text.Quantities;
import dev.backpop.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
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
            "Shows what a repair of a verification's discrepancies would change; with --apply makes the target's rows what"
                    + " the legacy store says, and verifies them again.",
            "Missing and mismatched rows are written. Unexpected ones are left, and deleted only with --delete-unexpected."
                    + " Rows that live writers touch meanwhile are left to them. Can be run again.",
            "Ends with exit code 1 when there is, or was left, anything to repair."
        })
final class RepairCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Parameters(paramLabel = "ID", description = "The verification.")
    private String id = "";

    @Option(names = "--dry-run", description = "Show what would be changed, and change nothing. The default.")
    private boolean dryRun;

    @Option(names = "--apply", description = "Do it.")
    private boolean apply;

    @Option(
            names = "--delete-unexpected",
            description = "Also delete target rows that the legacy store does not have. Asks a second time.")
    private boolean deleteUnexpected;

    @Option(
            names = "--confirm-delete",
            paramLabel = "N",
            description = "Confirms that N unexpected rows are to be deleted, where nobody can be asked.")
    private @Nullable Long confirmDelete;

    @Mixin
    private RowLimit limit = new RowLimit();

    @Option(names = "--name", paramLabel = "ID", description = "The repair's id; made up when it is not given.")
    private @Nullable String name;

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
        int most = limit.rows(json.isJson());
        checkOptions();
        Settings settings = settingsOptions.settings(surroundings.environment());
        Output output = Output.of(spec.commandLine());
        try (Session session = Session.openExisting(
                settings, settingsOptions.planEnvironment(surroundings.environment()), surroundings.clock())) {
            Campaign verification = session.office().requireRepairable(id);
            Map<Discrepancy.Kind, Long> confirmed = session.ledger().discrepancyCounts(id, DiscrepancyState.CONFIRMED);
            if (sum(confirmed) == 0) {
                output.note("There is nothing to repair of " + id + ": nothing was found wrong, or it is right again.");
                sayBusy(session.ledger(), output);
                return ExitCode.CLEAN;
            }
            if (!apply) {
                show(session.ledger(), verification, confirmed, most, output);
                return ExitCode.INCOMPLETE;
            }
            long unexpected = confirmed.getOrDefault(Discrepancy.Kind.UNEXPECTED, 0L);
            if (deleteUnexpected && (unexpected > 0 || confirmDelete != null)) {
                new DeleteConfirmation(surroundings, output)
                        .require(unexpected, confirmDelete, verification.plan() + "/" + verification.entity());
            }
            int exitCode = ExitCode.CLEAN;
            // With none to confirm nothing is deleted, not even what the legacy store has lost since.
            boolean deletes = deleteUnexpected && unexpected > 0;
            if (deletes || sum(confirmed) > unexpected) {
                try (LocalWorkers workers = LocalWorkers.start(
                        localWorkers, settings, settings.target(), surroundings.environment(), output)) {
                    exitCode = repair(session, output, deletes, workers.count() > 0);
                }
            }
            return Math.max(exitCode, sayLeft(session.ledger(), output));
        }
    }

    private void checkOptions() {
        if (apply && dryRun) {
            throw new InvalidInputException("--apply and --dry-run exclude each other: give one of them");
        }
        if (confirmDelete != null && !(apply && deleteUnexpected)) {
            throw new InvalidInputException(
                    "--confirm-delete confirms what --apply --delete-unexpected would delete: give both of them too");
        }
    }

    private int repair(Session session, Output output, boolean deletes, boolean workersComing)
            throws InterruptedException {
        String createdBy = Operator.of(surroundings.environment());
        Campaign repair = session.office().createOverDiscrepancies(id, CampaignKind.REPAIR, name, createdBy, deletes);
        int repaired = run(session, output, repair, workersComing);
        if (session.office().require(repair.id()).state() != CampaignState.COMPLETED) {
            return repaired;
        }
        Campaign again = session.office().createOverDiscrepancies(id, CampaignKind.VERIFY, null, createdBy, deletes);
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

    private void show(
            Ledger ledger, Campaign verification, Map<Discrepancy.Kind, Long> confirmed, int most, Output output) {
        RepairPreview preview = new RepairPreview(ledger, deleteUnexpected, output);
        if (json.isJson()) {
            preview.json(id, most);
        } else {
            preview.print(verification, confirmed, most);
        }
        long unexpected = confirmed.getOrDefault(Discrepancy.Kind.UNEXPECTED, 0L);
        String command = "backpop repair " + id + " --apply";
        String deleting = command + " --delete-unexpected --confirm-delete " + unexpected;
        output.note("Nothing was changed. To do it: " + (deleteUnexpected && unexpected > 0 ? deleting : command));
        if (!deleteUnexpected && unexpected > 0) {
            output.note("This leaves " + RepairPreview.rows(confirmed, Discrepancy.Kind.UNEXPECTED)
                    + ". To delete what the legacy store does not have: " + deleting);
        }
        sayBusy(ledger, output);
    }

    /** What is still wrong after a repair. @return the exit code that it deserves */
    private int sayLeft(Ledger ledger, Output output) {
        Map<Discrepancy.Kind, Long> left = ledger.discrepancyCounts(id, DiscrepancyState.CONFIRMED);
        long unexpected = left.getOrDefault(Discrepancy.Kind.UNEXPECTED, 0L);
        if (unexpected > 0 && !deleteUnexpected) {
            output.note(RepairPreview.rows(left, Discrepancy.Kind.UNEXPECTED)
                    + " of the target left, which the legacy store does not have. To delete: backpop repair " + id
                    + " --apply --delete-unexpected --confirm-delete " + unexpected);
        }
        long rest = sum(left) - (deleteUnexpected ? 0 : unexpected);
        if (rest > 0) {
            output.note("not resolved of " + id + ": " + Quantities.count(rest) + "; see backpop repair " + id);
        }
        sayBusy(ledger, output);
        return sum(left) == 0 ? ExitCode.CLEAN : ExitCode.INCOMPLETE;
    }

    private void sayBusy(Ledger ledger, Output output) {
        long busy = sum(ledger.discrepancyCounts(id, DiscrepancyState.PENDING));
        if (busy > 0) {
            output.note("Left out: " + (busy == 1 ? "1 busy row" : Quantities.count(busy) + " busy rows")
                    + ", not proven wrong. Verify again when live writers have come to rest.");
        }
    }

    private static long sum(Map<Discrepancy.Kind, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
