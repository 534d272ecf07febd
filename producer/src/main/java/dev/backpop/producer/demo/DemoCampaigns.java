package dev.backpop.producer.demo;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Tally;
import dev.backpop.plan.Plan;
import dev.backpop.problem.StoreUnreachableException;
import dev.backpop.producer.driver.CampaignRequest;
import dev.backpop.producer.driver.Driver;
import dev.backpop.producer.driver.Session;
import dev.backpop.stores.PlanStores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Runs the demo's campaigns, one after the other, and shows how far they are. For one thread. */
final class DemoCampaigns {
    /** So many chunks at least, that there is something to share and to lose. */
    private static final long FEWEST_CHUNKS = 40;

    private static final int MOST_KEYS_AT_FIRST = 1_000;
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final Session session;
    private final Plan plan;
    private final DemoScenario scenario;
    private final DemoWorkers workers;
    private final DemoScreen screen;
    private final DemoPause pause;
    private final LongSupplier nanoTime;

    DemoCampaigns(
            Session session,
            Plan plan,
            DemoScenario scenario,
            DemoWorkers workers,
            DemoScreen screen,
            DemoPause pause,
            LongSupplier nanoTime) {
        this.session = session;
        this.plan = plan;
        this.scenario = scenario;
        this.workers = workers;
        this.screen = screen;
        this.pause = pause;
        this.nanoTime = nanoTime;
    }

    /**
     * Runs a campaign to its end.
     *
     * @throws DemoFailedException when a worker ended by itself
     */
    DemoOutcome run(String entity, CampaignKind kind, DemoIncident incident) throws InterruptedException {
        long begin = nanoTime.getAsLong();
        scenario.before(entity, kind);
        Campaign created = create(entity, kind);
        int firstChunk = (int) Math.min(MOST_KEYS_AT_FIRST, Math.max(1, scenario.keys(entity) / FEWEST_CHUNKS));
        Driver driver = session.office()
                .drive(created.id(), firstChunk)
                .orElseThrow(() -> new DemoFailedException("somebody else drives campaign " + created.id()));
        try (driver) {
            Campaign campaign = created;
            while (!campaign.state().ended()) {
                campaign = step(campaign, driver, incident, begin);
            }
            screen.endProgress();
            Duration time = Duration.ofNanos(nanoTime.getAsLong() - begin);
            return new DemoOutcome(campaign, session.ledger().totals(campaign.id()), time);
        }
    }

    private Campaign create(String entity, CampaignKind kind) {
        CampaignRequest request = new CampaignRequest(
                plan, Path.of("."), plan.entity(entity).orElseThrow(), kind, null, null, null, null, "backpop demo");
        try (PlanStores stores = PlanStores.open(
                plan, session.target(), "demo", 1, session.dispatch().access(kind))) {
            return session.office().create(request, stores);
        }
    }

    private Campaign step(Campaign last, Driver driver, DemoIncident incident, long begin) throws InterruptedException {
        Campaign campaign = last;
        workers.check();
        try {
            campaign = driver.runOnce();
            Map<String, Long> counts = session.dispatch().progress().read(campaign.id());
            long done = Tally.terms(campaign.kind()).stream()
                    .mapToLong(counter -> counts.getOrDefault(counter.redisField(), 0L))
                    .sum();
            long total = scenario.rows(campaign.entity());
            String beside = incident.look(campaign, (double) done / total);
            show(campaign, done, counts, begin, beside == null ? campaign.holdReason() : beside);
            pause.pause(campaign.state().ended() ? Duration.ZERO : incident.pause());
        } catch (StoreUnreachableException e) {
            show(campaign, 0, Map.of(), begin, e.getMessage() + "; trying again");
            pause.pause(AFTER_FAILURE);
        }
        return campaign;
    }

    private void show(Campaign campaign, long done, Map<String, Long> counts, long begin, @Nullable String state) {
        long total = scenario.rows(campaign.entity());
        double seconds = (nanoTime.getAsLong() - begin) / 1e9;
        double rate = seconds > 0 ? done / seconds : 0;
        boolean running = rate > 0 && done < total && state == null;
        screen.progress(new DemoProgress(
                campaign.entity() + " " + campaign.kind().word(),
                done,
                total,
                rate,
                running ? Duration.ofMillis((long) ((total - done) / rate * 1000)) : null,
                counts.getOrDefault(Counter.ROWS_REJECTED.redisField(), 0L),
                workers.countAlive(),
                state));
    }
}
