package dev.backpop.producer.demo;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.plan.Plan;
import dev.backpop.plan.PlanReader;
import dev.backpop.postgres.SqlFailure;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.StoreUnreachableException;
import dev.backpop.producer.driver.Driver;
import dev.backpop.producer.driver.Session;
import dev.backpop.settings.Environment;
import dev.backpop.settings.Settings;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The demo from its first line to its last: servers, seeds, workers, backfills with a worker killed half-way,
 * verifications, what came of it. For one thread, and one run.
 */
public final class Demo {
    private static final int WORKERS = 2;
    private static final int MOST_LEFT = 100;

    private final DemoRequest request;
    private final UnaryOperator<List<String>> workerCommand;
    private final DemoScreen screen;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final DemoPause pause = DemoPause.real();

    /**
     * @param workerCommand the command line of a worker with given options
     * @param nanoTime such as {@code System::nanoTime}
     */
    public Demo(
            DemoRequest request,
            UnaryOperator<List<String>> workerCommand,
            DemoScreen screen,
            Clock clock,
            LongSupplier nanoTime) {
        this.request = request;
        this.workerCommand = workerCommand;
        this.screen = screen;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /**
     * Runs the demo and takes down all that it has started, also when this process is told to stop meanwhile.
     *
     * @return true when exactly that came of it which must; false when something else did, which was shown; empty when the
     *     process was told to stop
     * @throws InvalidInputException when a store cannot be used for this
     * @throws StoreUnreachableException when a store cannot be reached, or does not start
     */
    public Optional<Boolean> run() throws InterruptedException {
        DemoStage stage = new DemoStage();
        Thread hook = new Thread(stage::closeFromOutside, "take-demo-down");
        Runtime.getRuntime().addShutdownHook(hook);
        try (stage) {
            boolean expected = runOn(stage);
            removeHook(hook, stage);
            return Optional.of(expected);
        } catch (RuntimeException e) {
            if (stage.toldToStop()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static void removeHook(Thread hook, DemoStage stage) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending: the hook has taken over, and closing twice is closing once.
            stage.close();
        }
    }

    private boolean runOn(DemoStage stage) throws InterruptedException {
        try {
            return run(stage);
        } finally {
            stage.leave();
        }
    }

    private boolean run(DemoStage stage) throws InterruptedException {
        long begin = nanoTime.getAsLong();
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        DemoScratch scratch = stage.open(() -> DemoScratch.create(temporary), DemoScratch::remove);
        DemoAddresses addresses = stores(stage, scratch);
        Environment environment = addresses.over(request.environment());
        Plan plan = new PlanReader(environment).read(request.scenario().planText(), "the demo's plan", Path.of("."));
        Session session = stage.open(
                () -> Session.open(addresses.settings(), addresses.settings().target(), environment, clock),
                Session::close);
        cancelWhatIsLeft(session);
        DemoWorkers workers = new DemoWorkers(workerCommand, addresses, scratch, stage);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            names.add(workers.start().name());
        }
        screen.line("Started " + String.join(" and ", names));
        seed(addresses);
        screen.line("");
        DemoCampaigns campaigns =
                new DemoCampaigns(session, plan, request.scenario(), workers, screen, pause, nanoTime);
        return move(campaigns, session, workers, addresses, scratch, begin);
    }

    private DemoAddresses stores(DemoStage stage, DemoScratch scratch) {
        boolean redis = !request.redisGiven();
        boolean postgres = !request.targetGiven();
        String legacyGiven = request.environment().apply(DemoPlan.LEGACY_URL);
        Settings given = request.settings();
        if (!redis && !postgres) {
            return new DemoAddresses(
                    settings(given.redisUrl(), given, null),
                    legacy(stage, legacyGiven == null ? DemoAddresses.sameDatabase(given) : legacyGiven));
        }
        long begin = nanoTime.getAsLong();
        DemoServers servers = stage.open(() -> DemoServers.start(scratch, redis, postgres), DemoServers::stop);
        screen.line("Started " + (redis ? postgres ? "Redis and PostgreSQL" : "Redis" : "PostgreSQL") + " in "
                + scratch.folder() + ", to be removed in the end  " + since(begin));
        String redisUrl = servers.redisUrl();
        String legacyUrl = servers.postgresUrl(DemoServers.LEGACY);
        if (legacyGiven != null) {
            legacyUrl = legacyGiven;
        }
        return new DemoAddresses(
                settings(
                        redisUrl == null ? given.redisUrl() : redisUrl, given, servers.postgresUrl(DemoServers.TARGET)),
                legacy(stage, legacyUrl == null ? DemoAddresses.sameDatabase(given) : legacyUrl));
    }

    private Map<String, String> legacy(DemoStage stage, String database) {
        return request.scenario().startLegacy(stage, database);
    }

    /** In somebody's Redis under a prefix of our own: our workers would not know what to do with others' campaigns. */
    private Settings settings(String redisUrl, Settings given, @Nullable String ownTarget) {
        String prefix = request.redisGiven() && !request.prefixGiven() ? "backpop-demo" : given.redisPrefix();
        return ownTarget == null
                ? new Settings(redisUrl, prefix, given.targetUrl(), given.targetUser(), given.targetPassword())
                : new Settings(redisUrl, prefix, ownTarget, null, null);
    }

    /** A demo that was killed leaves its campaign active, and no second one of its entity may be. */
    private void cancelWhatIsLeft(Session session) {
        for (Campaign left : session.ledger().list(true, MOST_LEFT)) {
            if (left.plan().equals(request.scenario().plan())) {
                Driver driver = session.office()
                        .drive(left.id())
                        .orElseThrow(() -> new InvalidInputException("campaign " + left.id()
                                + " is being driven in this target: wait for the other demo to end"));
                driver.close();
                session.office().change(left.id(), CampaignState.CANCELLED, "a demo that was killed had left it");
            }
        }
    }

    private void seed(DemoAddresses addresses) {
        long begin = nanoTime.getAsLong();
        String made;
        try {
            made = request.scenario().create(addresses);
        } catch (SQLException e) {
            throw new StoreUnreachableException(
                    "seeding target " + addresses.target() + " and the legacy store failed: " + SqlFailure.message(e),
                    e);
        }
        screen.line(made + "  " + since(begin));
    }

    private boolean move(
            DemoCampaigns campaigns,
            Session session,
            DemoWorkers workers,
            DemoAddresses addresses,
            DemoScratch scratch,
            long begin)
            throws InterruptedException {
        DemoKill kill = new DemoKill(session, workers, screen, pause, nanoTime);
        DemoScenario scenario = request.scenario();
        List<String> unexpected = new ArrayList<>();
        List<DemoOutcome> backfills = new ArrayList<>();
        List<DemoOutcome> verifications = new ArrayList<>();
        for (String entity : DemoPlan.ENTITIES) {
            DemoOutcome outcome = campaigns.run(
                    entity, CampaignKind.BACKFILL, entity.equals(scenario.killedIn()) ? kill : DemoIncident.NONE);
            backfills.add(outcome);
            unexpected.addAll(scenario.differences(outcome, session.ledger()));
            say(outcome);
        }
        unexpected.addAll(kill.differences());
        for (String entity : DemoPlan.ENTITIES) {
            DemoOutcome outcome = campaigns.run(entity, CampaignKind.VERIFY, DemoIncident.NONE);
            verifications.add(outcome);
            unexpected.addAll(scenario.differences(outcome, session.ledger()));
            say(outcome);
        }
        scenario.ended();
        unexpected.addAll(rowDifferences(addresses));
        DemoReport report = new DemoReport(session.ledger(), screen);
        screen.line("");
        report.rejects(backfills);
        screen.line("");
        report.mismatches(verifications);
        screen.line("");
        report.reasons(backfills);
        report.sums(CampaignKind.BACKFILL, backfills);
        screen.line("");
        report.sums(CampaignKind.VERIFY, verifications);
        screen.line("");
        sayTimes(backfills, verifications, kill.waited(), begin);
        sayOutcome(unexpected);
        screen.line("");
        boolean keeps = request.keep() && (scenario.servesLegacy() || !(request.redisGiven() && request.targetGiven()));
        (keeps
                        ? DemoHints.whileKept(
                                request, addresses, scratch.folder(), backfills.get(1), verifications.get(1))
                        : DemoHints.after(scenario.options()))
                .forEach(screen::line);
        if (keeps) {
            new CountDownLatch(1).await();
        }
        return unexpected.isEmpty();
    }

    private List<String> rowDifferences(DemoAddresses addresses) {
        try {
            return request.scenario().rowDifferences(addresses);
        } catch (SQLException e) {
            throw new StoreUnreachableException(
                    "comparing the rows of target " + addresses.target() + " failed: " + SqlFailure.message(e), e);
        }
    }

    private void say(DemoOutcome outcome) {
        screen.line(String.format(
                Locale.ROOT,
                "%s %s: %s  %s",
                outcome.entity(),
                outcome.campaign().kind().word(),
                words(outcome.totals().counters()),
                seconds(outcome.time())));
    }

    private static String words(Counters counters) {
        List<String> words = new ArrayList<>();
        counters.asMap().forEach((counter, count) -> {
            if (counter != Counter.ROWS_READ && count > 0) {
                words.add(String.format(Locale.ROOT, "%,d %s", count, counter.word()));
            }
        });
        return String.join(", ", words);
    }

    private void sayTimes(List<DemoOutcome> backfills, List<DemoOutcome> verifications, Duration waited, long begin) {
        Duration moving = time(backfills).minus(waited);
        screen.line(String.format(
                Locale.ROOT,
                "Backfilled %,d rows in %s (%s), verified them in %s (%s). All in all %s, %s of it only waiting for the"
                        + " killed worker's lease to run out.",
                rows(backfills),
                seconds(moving),
                rate(rows(backfills), moving),
                seconds(time(verifications)),
                rate(rows(verifications), time(verifications)),
                since(begin),
                seconds(waited)));
    }

    private static long rows(List<DemoOutcome> outcomes) {
        return outcomes.stream()
                .mapToLong(outcome -> outcome.totals().keysDone())
                .sum();
    }

    private static Duration time(List<DemoOutcome> outcomes) {
        return outcomes.stream().map(DemoOutcome::time).reduce(Duration.ZERO, Duration::plus);
    }

    private void sayOutcome(List<String> unexpected) {
        if (unexpected.isEmpty()) {
            request.scenario().epilogue().forEach(screen::line);
        }
        unexpected.forEach(difference -> screen.line("UNEXPECTED: " + difference));
    }

    private static String rate(long rows, Duration time) {
        return String.format(Locale.ROOT, "%,.0f rows/s", rows / Math.max(0.001, time.toNanos() / 1e9));
    }

    private String since(long begin) {
        return seconds(Duration.ofNanos(nanoTime.getAsLong() - begin));
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toNanos() / 1e9);
    }
}
