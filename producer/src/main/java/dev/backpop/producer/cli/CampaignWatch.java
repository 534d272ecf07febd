package dev.backpop.producer.cli;

import dev.backpop.campaign.Campaign;
import dev.backpop.command.ExitCode;
import dev.backpop.ledger.Ledger;
import dev.backpop.producer.cli.ProgressLine.Form;
import dev.backpop.producer.driver.Session;
import dev.backpop.producer.text.Quantities;
import dev.backpop.producer.text.Text;
import dev.backpop.queue.WorkerStatus;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Watches one campaign, or all that are active, until they have ended. Not thread-safe. */
final class CampaignWatch implements AutoCloseable {
    private static final long LEDGER_NANOS = Duration.ofSeconds(2).toNanos();
    private static final int MOST = 100;

    private final Session session;
    private final @Nullable String only;
    private final PrintWriter writer;
    private final Form form;
    private final LongSupplier nanoTime;
    private final RedrawnLines redrawn;
    private final Map<String, WatchedCampaign> watched = new LinkedHashMap<>();
    private final Map<String, ProgressLine> lines = new LinkedHashMap<>();

    private boolean looked;
    private long lookedAt;
    private List<WorkerStatus> workers = List.of();
    private int exitCode = ExitCode.CLEAN;

    /** @param only the id of the campaign to watch; null for all that are active */
    CampaignWatch(
            Session session, @Nullable String only, PrintWriter writer, Form form, int columns, LongSupplier nanoTime) {
        this.session = session;
        this.only = only;
        this.writer = writer;
        this.form = form;
        this.nanoTime = nanoTime;
        this.redrawn = new RedrawnLines(writer, columns);
    }

    /** Looks once and shows it; false when there is nothing more to watch. Looks at the ledger every two seconds only. */
    boolean runOnce() {
        long now = nanoTime.getAsLong();
        if (!looked || now - lookedAt >= LEDGER_NANOS) {
            looked = true;
            lookedAt = now;
            lookAtLedger();
        }
        Map<String, ProgressSnapshot> snapshots = new LinkedHashMap<>();
        watched.forEach((id, campaign) -> snapshots.put(id, campaign.look(now, workers)));
        show(snapshots);
        return !watched.isEmpty();
    }

    /** 0 when all that ended while it watched ended clean, 1 otherwise. */
    int exitCode() {
        return exitCode;
    }

    private void lookAtLedger() {
        Ledger ledger = session.ledger();
        workers = session.dispatch().heartbeats().alive();
        List<String> before = new ArrayList<>(watched.keySet());
        String id = only;
        List<Campaign> active =
                id == null ? ledger.list(true, MOST) : List.of(session.office().require(id));
        for (Campaign campaign : active) {
            before.remove(campaign.id());
            WatchedCampaign known = watched.computeIfAbsent(
                    campaign.id(), ignored -> new WatchedCampaign(session.dispatch(), campaign));
            known.update(campaign, ledger);
            if (campaign.state().ended()) {
                end(known, campaign);
            }
        }
        for (String gone : before) {
            Campaign campaign = session.office().require(gone);
            WatchedCampaign known = watched.get(gone);
            if (known != null && campaign.state().ended()) {
                known.update(campaign, ledger);
                end(known, campaign);
            }
        }
    }

    private void end(WatchedCampaign known, Campaign campaign) {
        CampaignOutcome outcome = CampaignOutcome.of(session.ledger(), campaign);
        exitCode = Math.max(exitCode, outcome.exitCode());
        ProgressSnapshot last = known.end(outcome, workers.size());
        watched.remove(campaign.id());
        redrawn.clear();
        if (form == Form.REDRAWN) {
            writer.println(last.text());
        } else {
            line(campaign.id()).show(last);
            lines.remove(campaign.id());
        }
        if (form != Form.JSON) {
            writer.println(Text.printable(summary(outcome)));
        }
        writer.flush();
    }

    private static String summary(CampaignOutcome outcome) {
        Campaign campaign = outcome.campaign();
        String reason = campaign.reason();
        return campaign.id() + " is " + campaign.state().word() + (reason == null ? "" : ": " + reason) + "; "
                + outcome.tally().explain()
                + (outcome.discrepancies() == 0
                        ? ""
                        : "; "
                                + (outcome.discrepancies() == 1
                                        ? "1 discrepancy"
                                        : Quantities.count(outcome.discrepancies()) + " discrepancies"));
    }

    private void show(Map<String, ProgressSnapshot> snapshots) {
        if (form == Form.REDRAWN) {
            redrawn.show(
                    snapshots.values().stream().map(ProgressSnapshot::barText).toList());
        } else {
            snapshots.forEach((id, snapshot) -> line(id).show(snapshot));
        }
    }

    private ProgressLine line(String id) {
        return lines.computeIfAbsent(id, ignored -> new ProgressLine(writer, form, 0, nanoTime));
    }

    /** Leaves what was shown last. */
    @Override
    public void close() {
        lines.values().forEach(ProgressLine::close);
        lines.clear();
    }
}
