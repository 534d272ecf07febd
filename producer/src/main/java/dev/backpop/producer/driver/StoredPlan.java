package dev.backpop.producer.driver;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignSpec;
import dev.backpop.ledger.Ledger;
import dev.backpop.legacy.LegacyAccess;
import dev.backpop.legacy.LegacyEntity;
import dev.backpop.plan.Entity;
import dev.backpop.plan.Plan;
import dev.backpop.plan.PlanReader;
import dev.backpop.plan.Verification.Method;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.row.Key;
import dev.backpop.row.KeyShape;
import dev.backpop.stores.EntityStores;
import dev.backpop.stores.PlanStores;
import dev.backpop.target.ForeignKey;
import dev.backpop.target.TargetReader;
import dev.backpop.target.TargetTable;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The plan that a campaign was created with, opened when planning needs it. For one thread. */
final class StoredPlan implements AutoCloseable {
    /** One to enumerate with, one beside it. */
    private static final int SESSIONS = 2;

    private final Ledger ledger;
    private final PostgresPool target;
    private final PlanReader plans;
    private final Clock clock;
    private final Function<CampaignKind, LegacyAccess> access;
    private @Nullable PlanStores stores;
    private @Nullable Long estimate;
    private int keysAtOnce = 1;
    private boolean scanned;
    private boolean keysAreGroups;

    /** @param access what the legacy stores of a campaign share with those of other processes */
    StoredPlan(
            Ledger ledger,
            PostgresPool target,
            PlanReader plans,
            Clock clock,
            Function<CampaignKind, LegacyAccess> access) {
        this.clock = clock;
        this.access = access;
        this.ledger = ledger;
        this.target = target;
        this.plans = plans;
    }

    /** Opens the plan's stores, and freezes the upper key bound when nobody has. */
    ChunkPlanner planner(Campaign campaign) {
        EntityStores entity = entity(campaign);
        KeyShape shape = entity.shape().key();
        LegacyEntity legacy = entity.legacy();
        Key from = key(campaign.spec().from(), shape);
        Key to = key(campaign.spec().to(), shape);
        Key upper = key(campaign.keyUpper(), shape);
        if (upper == null && campaign.planCursor() == null && !campaign.planDone()) {
            Optional<Key> last = legacy.lastKey(from, to);
            ledger.freezeUpper(campaign.id(), last.map(shape::toJson).orElse(null));
            upper = last.orElse(null);
        }
        estimate = legacy.estimatedKeys().orElse(null);
        keysAtOnce = legacy.keysAtOnce();
        keysAreGroups = legacy.keysAreGroups();
        Method method = campaign.spec()
                .wantedMethod()
                .orElse(entity.entity().verification().method());
        scanned = campaign.kind() == CampaignKind.VERIFY
                && method != Method.ROWS
                && legacy.expectedSql().isPresent();
        Key bound = upper;
        EdgeSource keys = (after, size, limit, consumer) -> {
            if (bound != null) {
                legacy.edges(from, after, bound, size, limit, consumer);
            }
        };
        KeySource tail = campaign.kind() == CampaignKind.VERIFY
                ? new TargetKeys(target, new TargetReader(entity.entity(), entity.table(), entity.shape()), from, to)
                : null;
        return new ChunkPlanner(campaign, ledger, shape, keys, tail, upper);
    }

    Clock clock() {
        return clock;
    }

    PostgresPool target() {
        return target;
    }

    private PlanStores stores(Campaign campaign) {
        PlanStores opened = stores;
        if (opened == null) {
            opened = PlanStores.open(
                    plan(campaign.spec(), campaign.plan()), target, "driver", SESSIONS, access.apply(campaign.kind()));
            stores = opened;
        }
        return opened;
    }

    /** The target table of the campaign's entity; no legacy store is needed. */
    TargetTable table(Campaign campaign) {
        return PlanStores.table(target, entityOf(campaign));
    }

    /** The target table of another entity of a plan. */
    TargetTable table(Entity entity) {
        return PlanStores.table(target, entity);
    }

    /** The entities that the plan calls parents of the campaign's. */
    List<Entity> parents(Campaign campaign) {
        Plan read = plan(campaign.spec(), campaign.plan());
        return entityOf(campaign).parents().stream()
                .flatMap(name -> read.entity(name).stream())
                .toList();
    }

    /** The target, with the time that the plan gives to statements: see {@link PostgresPool#limit}. */
    PostgresPool limitedTarget(Campaign campaign) {
        return target.withStatementTimeout(
                plan(campaign.spec(), campaign.plan()).target().statementTimeout());
    }

    /** The campaign's entity as the plan has it; no store is needed. */
    Entity entityOf(Campaign campaign) {
        return plan(campaign.spec(), campaign.plan())
                .entity(campaign.entity())
                .orElseThrow(() -> new IllegalStateException(
                        "campaign " + campaign.id() + " has a plan without its entity " + campaign.entity()));
    }

    /** The campaign's entity, opened anew each time: its tables may have changed. */
    EntityStores entity(Campaign campaign) {
        return stores(campaign).entity(entityOf(campaign));
    }

    /** The entity of the campaign's plan that fills what a foreign key points to, by the same columns; empty for none. */
    Optional<EntityStores> entityOf(Campaign campaign, ForeignKey foreignKey) {
        for (Entity entity : plan(campaign.spec(), campaign.plan()).entities()) {
            boolean sameKey = Set.copyOf(entity.into().key()).equals(Set.copyOf(foreignKey.referenced()));
            if (sameKey && PlanStores.table(target, entity).sqlName().equals(foreignKey.table())) {
                return Optional.of(stores(campaign).entity(entity));
            }
        }
        return Optional.empty();
    }

    /** Watches the target for a campaign as its plan wants it. */
    HealthHold healthHold(String id) {
        return new HealthHold(id, ledger, target, plans);
    }

    private Plan plan(CampaignSpec spec, String name) {
        return plans.read(spec.planText(), name, Path.of(spec.planDirectory()));
    }

    /** Roughly how many keys the entity has; null when it cannot be told. */
    @Nullable
    Long estimatedKeys() {
        return estimate;
    }

    /** As the entity's legacy store says, once there is a planner. */
    int keysAtOnce() {
        return keysAtOnce;
    }

    /** As the entity's legacy store says, once there is a planner. */
    boolean keysAreGroups() {
        return keysAreGroups;
    }

    /** Whether two databases look at the rows of a chunk without handing them out, once there is a planner. */
    boolean scanned() {
        return scanned;
    }

    private static @Nullable Key key(@Nullable String json, KeyShape shape) {
        return json == null ? null : shape.fromJson(json);
    }

    @Override
    public void close() {
        PlanStores opened = stores;
        if (opened != null) {
            opened.close();
        }
    }
}
