package dev.backpop.producer.cli;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignState;
import dev.backpop.command.ExitCode;
import dev.backpop.problem.StoreUnreachableException;
import dev.backpop.producer.driver.Driver;
import dev.backpop.producer.driver.DriverLostException;
import dev.backpop.producer.driver.Session;
import dev.backpop.queue.WorkerStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Drives campaigns to their end in the foreground, showing how far they are. For one thread. */
final class CampaignRun {
    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final Session session;
    private final Surroundings surroundings;
    private final Output output;
    private final CommandLine commandLine;
    private final boolean json;
    private final CountDownLatch never = new CountDownLatch(1);

    private @Nullable Driver driver;
    private @Nullable WorkerAbsence absence;

    CampaignRun(Session session, Surroundings surroundings, Output output, CommandLine commandLine, boolean json) {
        this.session = session;
        this.surroundings = surroundings;
        this.output = output;
        this.commandLine = commandLine;
        this.json = json;
    }

    /**
     * Runs the campaigns one after the other. A campaign that fails or is cancelled ends the run: what comes after it may
     * need its rows.
     *
     * @param workersComing true when this command starts workers itself
     * @return the exit code
     */
    int run(List<String> ids, boolean workersComing) throws InterruptedException {
        absence = new WorkerAbsence(workersComing, System::nanoTime);
        List<String> left = new ArrayList<>(ids);
        Thread hook = new Thread(() -> interrupted(left), "say-how-to-resume");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            int worst = ExitCode.CLEAN;
            while (!left.isEmpty()) {
                Campaign ended = run(left.get(0));
                synchronized (left) {
                    left.remove(0);
                }
                int exitCode = new CampaignSummary(session, output, json).print(ended);
                worst = Math.max(worst, exitCode);
                reopen(ended, left);
                if (ended.state() != CampaignState.COMPLETED && !left.isEmpty()) {
                    output.note("not started, because " + ended.id() + " did not complete: " + String.join(", ", left)
                            + ". Go on with: backpop resume " + String.join(" ", left));
                    return worst;
                }
            }
            return worst;
        } finally {
            release();
            synchronized (left) {
                left.clear();
            }
            removeHook(hook);
        }
    }

    /** Rows of other campaigns may have waited for those that are there now. */
    private void reopen(Campaign ended, List<String> left) {
        if (ended.kind() != CampaignKind.BACKFILL || ended.state() != CampaignState.COMPLETED) {
            return;
        }
        for (String id : session.office().reopenArrived(ended.plan())) {
            output.note(id + " goes on: rows that it deferred have their parents now");
            synchronized (left) {
                if (!left.contains(id)) {
                    left.add(0, id);
                }
            }
        }
    }

    private Campaign run(String id) throws InterruptedException {
        WatchedCampaign watched =
                new WatchedCampaign(session.dispatch(), session.office().require(id));
        ProgressSnapshot last = new ProgressSnapshot(id, 0, null, 0, null, 0, 0, 0, 0, null);
        ProgressLine.Form form = ProgressLine.Form.of(surroundings.terminal(), json);
        try (ProgressLine line = new ProgressLine(
                json ? commandLine.getOut() : commandLine.getErr(),
                form,
                surroundings.terminal().columns(),
                System::nanoTime)) {
            while (true) {
                Duration pause = STEP;
                try {
                    Campaign campaign = step(id);
                    watched.update(campaign, session.ledger());
                    List<WorkerStatus> workers = session.dispatch().heartbeats().alive();
                    last = watched.look(System.nanoTime(), workers);
                    line.show(last);
                    if (campaign.state().ended()) {
                        release();
                        return campaign;
                    }
                    sayNoWorkers(last, line);
                } catch (StoreUnreachableException e) {
                    line.show(last.waiting(String.valueOf(e.getMessage())));
                    pause = AFTER_FAILURE;
                } catch (DriverLostException e) {
                    line.show(last.waiting(String.valueOf(e.getMessage())));
                    release();
                    pause = AFTER_FAILURE;
                }
                boolean over = never.await(pause.toNanos(), TimeUnit.NANOSECONDS);
                assert !over;
            }
        }
    }

    /** Drives, or follows the process that does, and takes over when that one has gone. */
    private Campaign step(String id) {
        Driver driving = driver;
        if (driving == null) {
            Optional<Driver> taken = session.office().drive(id);
            if (taken.isEmpty()) {
                return session.office().require(id);
            }
            driving = taken.get();
            driver = driving;
        }
        return driving.runOnce();
    }

    private void release() {
        Driver driving = driver;
        driver = null;
        if (driving != null) {
            driving.close();
        }
    }

    private void sayNoWorkers(ProgressSnapshot snapshot, ProgressLine line) {
        if (absence != null && absence.isNews(snapshot.workers())) {
            line.clear();
            output.note("no worker is alive: start one or more in other terminals with 'backpop worker', or use"
                    + " --local-workers 2 here; this command waits");
        }
    }

    private void interrupted(List<String> left) {
        synchronized (left) {
            if (!left.isEmpty()) {
                output.note("");
                output.note(
                        "interrupted; nothing is lost. Workers that run elsewhere finish what is queued. Carry on with:"
                                + " backpop resume "
                                + String.join(" ", left));
            }
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The machine is going down; the hook finds nothing left to say.
            return;
        }
    }
}
