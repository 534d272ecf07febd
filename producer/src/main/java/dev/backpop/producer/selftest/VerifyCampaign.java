package dev.backpop.producer.selftest;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.Tally;
import dev.backpop.ledger.DiscrepancyState;
import dev.backpop.plan.Entity;
import dev.backpop.plan.Plan;
import dev.backpop.plan.Verification;
import dev.backpop.problem.StoreUnreachableException;
import dev.backpop.producer.demo.DemoStage;
import dev.backpop.producer.driver.CampaignRequest;
import dev.backpop.producer.driver.Driver;
import dev.backpop.producer.driver.Session;
import dev.backpop.row.Key;
import dev.backpop.row.KeyShape;
import dev.backpop.stores.EntityStores;
import dev.backpop.stores.PlanStores;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs verifications by the way that every other one takes, driver here and workers elsewhere. For one thread. */
final class VerifyCampaign {
    /** Small, so that faults stand at many chunks' edges and within them. */
    private static final int KEYS_IN_A_CHUNK = 50;

    private static final int MOST_FINDINGS = 100_000;
    private static final long PAUSE_MILLIS = 100;
    private static final long PAUSE_AFTER_FAILURE_MILLIS = 1_000;

    private final Session session;
    private final DemoStage stage;
    private final Runnable workers;
    private final SelfTestScreen screen;
    private final CountDownLatch never = new CountDownLatch(1);

    /** @param workers throws when there is none any more */
    VerifyCampaign(Session session, DemoStage stage, Runnable workers, SelfTestScreen screen) {
        this.session = session;
        this.stage = stage;
        this.workers = workers;
        this.screen = screen;
    }

    /** Makes way for campaigns of a plan: a self-test that was killed leaves its own active. */
    void cancelWhatIsLeft(String plan) {
        for (Campaign left : session.ledger().list(true, MOST_FINDINGS)) {
            if (left.plan().equals(plan)) {
                session.office()
                        .drive(left.id())
                        .orElseThrow(() -> new SelfTestFailedException(
                                "campaign " + left.id() + " of another self-test is being driven: wait for it to end"))
                        .close();
                cancel(left.id(), "the self-test that it belongs to was killed");
            }
        }
    }

    /**
     * Runs a verification to its end.
     *
     * @param to the last key; null for all
     * @param total how many keys there are about, for people
     * @param method how rows are first looked at; null for the plan's, or Backpop's, choice
     * @throws dev.backpop.problem.InvalidInputException when the entity cannot be verified by that method
     * @throws SelfTestFailedException when it does not complete
     */
    Found run(
            Plan plan,
            Path directory,
            Entity entity,
            @Nullable Key to,
            long total,
            Verification.@Nullable Method method)
            throws InterruptedException {
        KeyShape shape;
        Campaign created;
        try (PlanStores stores = PlanStores.open(
                plan, session.target(), "self-test", 1, session.dispatch().access(CampaignKind.VERIFY))) {
            EntityStores opened = stores.entity(entity);
            shape = opened.shape().key();
            String last = to == null ? null : typed(shape, to);
            created = session.office()
                    .create(
                            new CampaignRequest(
                                    plan,
                                    directory,
                                    entity,
                                    CampaignKind.VERIFY,
                                    null,
                                    null,
                                    last,
                                    null,
                                    "backpop verify --self-test",
                                    null,
                                    method),
                            stores);
        }
        String id = stage.open(created::id, unended -> cancel(unended, "the self-test was stopped"));
        Campaign ended = drive(id, total);
        if (ended.state() != CampaignState.COMPLETED) {
            throw new SelfTestFailedException("campaign " + id + " of the self-test "
                    + ended.state().word() + (ended.reason() == null ? "" : ": " + ended.reason())
                    + "; see 'backpop status "
                    + id + "'");
        }
        String methods = String.join(", ", session.ledger().methods(id).keySet());
        return new Found(methods, findings(id, shape));
    }

    /**
     * What a verification has confirmed.
     *
     * @param method the word of how rows were first looked at, in fact; empty where there was no chunk
     */
    record Found(String method, List<Finding> findings) {}

    private Campaign drive(String id, long total) throws InterruptedException {
        Driver driver = session.office()
                .drive(id, KEYS_IN_A_CHUNK)
                .orElseThrow(() -> new SelfTestFailedException("somebody else drives campaign " + id));
        try (driver) {
            while (true) {
                stage.check();
                workers.run();
                long pause = PAUSE_MILLIS;
                try {
                    Campaign campaign = driver.runOnce();
                    if (campaign.state().ended()) {
                        return campaign;
                    }
                    show(campaign, total);
                } catch (StoreUnreachableException e) {
                    screen.progress(id, 0, total, e.getMessage() + "; trying again");
                    pause = PAUSE_AFTER_FAILURE_MILLIS;
                }
                boolean over = never.await(pause, TimeUnit.MILLISECONDS);
                assert !over;
            }
        } finally {
            screen.endProgress();
        }
    }

    private void show(Campaign campaign, long total) {
        Map<String, Long> counts = session.dispatch().progress().read(campaign.id());
        long done = Tally.terms(campaign.kind()).stream()
                .mapToLong(counter -> counts.getOrDefault(counter.redisField(), 0L))
                .sum();
        String hold = campaign.holdReason();
        screen.progress(campaign.id(), Math.min(done, total), total, hold == null ? "" : hold);
    }

    private List<Finding> findings(String id, KeyShape shape) {
        List<Finding> findings = new ArrayList<>();
        session.ledger().discrepancies(id, MOST_FINDINGS, stored -> {
            if (stored.state() == DiscrepancyState.CONFIRMED) {
                findings.add(Finding.of(stored.discrepancy(), key -> shape.toJson(shape.fromJson(key))));
            }
        });
        return findings;
    }

    private void cancel(String id, String reason) {
        if (!session.office().require(id).state().ended()) {
            session.office().change(id, CampaignState.CANCELLED, reason);
        }
    }

    private static String typed(KeyShape shape, Key key) {
        return key.parts().size() == 1 ? key.parts().get(0) : shape.toJson(key);
    }
}
