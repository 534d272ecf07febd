package dev.backpop.producer.selftest;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.legacy.FailedRow;
import dev.backpop.plan.Entity;
import dev.backpop.plan.Plan;
import dev.backpop.plan.PlanReader;
import dev.backpop.plan.RedirectedPlan;
import dev.backpop.plan.Verification.Method;
import dev.backpop.producer.demo.DemoStage;
import dev.backpop.producer.driver.Session;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.KeyShape;
import dev.backpop.stores.EntityStores;
import dev.backpop.stores.PlanStores;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The self-test of somebody's own plan: on copies of an entity's first rows, in a schema of the target that is gone in the
 * end. The legacy store and the target table are only read. For one thread.
 */
public final class PlanSelfTest {
    private static final int MOST_ROWS = 1_000;
    private static final int SESSIONS = 2;
    private static final String NAME_SUFFIX = "-self-test";

    private final Session session;
    private final PlanReader plans;
    private final Plan plan;
    private final Path directory;
    private final DemoStage stage;
    private final VerifyCampaign campaigns;
    private final SelfTestScreen screen;

    /**
     * @param directory what the plan's relative paths start from
     * @param workers throws when there is no worker any more
     */
    public PlanSelfTest(
            Session session,
            PlanReader plans,
            Plan plan,
            Path directory,
            DemoStage stage,
            Runnable workers,
            SelfTestScreen screen) {
        this.session = session;
        this.plans = plans;
        this.plan = plan;
        this.directory = directory;
        this.stage = stage;
        this.campaigns = new VerifyCampaign(session, stage, workers, screen);
        this.screen = screen;
    }

    /** Names what self-tests that were killed have left, and cancels their campaigns. */
    public void lookForLeftovers() {
        for (String schema : ScratchCopy.others(session.target())) {
            screen.note("schema " + schema + " of the target is of another self-test; if none is running it was killed:"
                    + " DROP SCHEMA " + schema + " CASCADE");
        }
        campaigns.cancelWhatIsLeft(plan.name() + NAME_SUFFIX);
    }

    /**
     * Copies, verifies, plants and verifies again.
     *
     * @param method how rows are first looked at; null for the plan's, or Backpop's, choice
     * @throws dev.backpop.problem.InvalidInputException when the entity does not fit its stores or cannot be verified by
     *     that method, or the user may not create a schema
     * @throws SelfTestFailedException when a verification does not complete
     */
    public Tried run(Entity entity, @Nullable Method method) throws InterruptedException {
        try (PlanStores stores = PlanStores.open(
                plan,
                session.target(),
                "self-test",
                SESSIONS,
                session.dispatch().access(CampaignKind.VERIFY))) {
            stores.legacy().check();
            EntityStores original = stores.entity(entity);
            List<Key> keys = firstKeys(original);
            if (keys.isEmpty()) {
                throw new SelfTestFailedException(
                        "entity " + entity.name() + " has no rows in the legacy store: there is nothing to copy");
            }
            ScratchCopy copy = stage.open(() -> ScratchCopy.create(session.target(), original), ScratchCopy::drop);
            try {
                return run(copy, keys, method);
            } finally {
                copy.drop();
            }
        }
    }

    private Tried run(ScratchCopy copy, List<Key> keys, @Nullable Method method) throws InterruptedException {
        copy.fill(keys);
        String name = plan.name() + NAME_SUFFIX;
        Plan redirected =
                plans.read(RedirectedPlan.text(plan, name, copy.entity().name(), copy.table()), name, directory);
        Entity entity = redirected.entity(copy.entity().name()).orElseThrow();
        Key last = keys.get(keys.size() - 1);
        KeyShape shape = copy.keyShape();
        Set<String> notClean = new HashSet<>();
        campaigns
                .run(redirected, directory, entity, last, keys.size(), method)
                .findings()
                .forEach(found -> notClean.add(found.key()));
        for (FailedRow failed : copy.original().legacy().expect(new KeySelection.Range(null, null, last), rows -> {})) {
            notClean.add(shape.toJson(failed.key()));
        }
        List<Key> clean = keys.stream()
                .filter(key -> !notClean.contains(shape.toJson(key)))
                .toList();
        if (!notClean.isEmpty()) {
            screen.note(notClean.size() + " of the first " + keys.size() + " rows of " + entity.name()
                    + " differ by themselves, or cannot be read: they are left out");
        }
        List<PlantedFault> planted = new ArrayList<>();
        copy.run(transaction -> planted.addAll(new FaultPlanter(copy, transaction, keys.get(0), clean).plant()));
        VerifyCampaign.Found found = campaigns.run(redirected, directory, entity, last, keys.size(), method);
        return new Tried(found.method(), Judgement.of(planted, ours(copy, planted, found.findings(), notClean)));
    }

    /** Without what was there before, and what live writers have brought meanwhile. */
    private static List<Finding> ours(
            ScratchCopy copy, List<PlantedFault> planted, List<Finding> found, Set<String> notClean) {
        Set<String> plantedAt = planted.stream()
                .flatMap(fault -> fault.expected().stream())
                .map(Finding::key)
                .collect(Collectors.toSet());
        return found.stream()
                .filter(one -> !notClean.contains(one.key()))
                .filter(one -> plantedAt.contains(one.key())
                        || !copy.changedMeanwhile(copy.keyShape().fromJson(one.key())))
                .toList();
    }

    private static List<Key> firstKeys(EntityStores original) {
        List<Key> keys = new ArrayList<>();
        Optional<Key> last = original.legacy().lastKey(null, null);
        last.ifPresent(upTo -> original.legacy().keys(null, null, upTo, MOST_ROWS, keys::add));
        return keys.stream().distinct().toList();
    }
}
