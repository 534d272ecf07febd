package dev.backpop.producer.driver;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignIds;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignSettings;
import dev.backpop.campaign.CampaignSpec;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.ChunkState;
import dev.backpop.campaign.Discrepancy;
import dev.backpop.ledger.CampaignConflictException;
import dev.backpop.ledger.DriverLock;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.NewCampaign;
import dev.backpop.ledger.NewChunk;
import dev.backpop.ledger.RejectState;
import dev.backpop.ledger.Totals;
import dev.backpop.plan.Entity;
import dev.backpop.plan.Guard;
import dev.backpop.plan.Plan;
import dev.backpop.plan.PlanReader;
import dev.backpop.plan.Verification;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.Problem;
import dev.backpop.row.Key;
import dev.backpop.row.KeyShape;
import dev.backpop.stores.EntityStores;
import dev.backpop.stores.PlanStores;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates campaigns, changes their state and hands out the right to drive them. Thread-safe. */
public final class CampaignOffice {
    private static final Logger LOG = LoggerFactory.getLogger(CampaignOffice.class);
    private static final int KEYS_IN_A_LISTED_CHUNK = 1_000;
    private static final int MOST_LISTED_KEYS = 5_000_000;
    /** Few enough to be typed again. */
    private static final long MADE_UP_SEEDS = 1_000_000_000;

    private final Ledger ledger;
    private final Dispatch dispatch;
    private final PostgresPool target;
    private final PlanReader plans;
    private final Clock clock;
    private final RandomGenerator random;

    public CampaignOffice(
            Ledger ledger,
            Dispatch dispatch,
            PostgresPool target,
            PlanReader plans,
            Clock clock,
            RandomGenerator random) {
        this.ledger = ledger;
        this.dispatch = dispatch;
        this.target = target;
        this.plans = plans;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Creates a campaign once its entity has been found to fit both stores, and for a backfill with the fence guard
     * installs the triggers that are missing. For a sample it reads all keys of the legacy store first.
     *
     * @throws InvalidInputException when it does not, or a key or name cannot be used
     * @throws dev.backpop.ledger.CampaignConflictException when the entity has an active campaign
     * @throws dev.backpop.problem.StoreUnreachableException when the triggers cannot be installed now
     */
    public Campaign create(CampaignRequest request, PlanStores stores) {
        EntityStores entity = stores.entity(request.entity());
        KeyShape shape = entity.shape().key();
        Key from = bound("--from", request.from(), shape);
        Key to = bound("--to", request.to(), shape);
        if (from != null && to != null && shape.compare(from, to) > 0) {
            throw new InvalidInputException(List.of(new Problem(
                    "--from",
                    request.from() + " comes after --to " + request.to() + ", so there is nothing in between")));
        }
        ScanMethods.check(request.method(), entity);
        Iterable<String> ids = request.ids();
        SampleRequest wanted = request.sample();
        if (wanted == null) {
            return create(request, entity, from, to, ids == null ? null : keys(ids, shape), null, false);
        }
        Long seed = wanted.seed();
        long sure = seed == null ? random.nextLong(MADE_UP_SEEDS) : seed;
        KeyReservoir drawn = draw(entity, from, to, wanted.size(), sure);
        Set<Key> keys = new LinkedHashSet<>(drawn.keys());
        CampaignSpec.Sample sample = new CampaignSpec.Sample(keys.size(), drawn.seen(), sure);
        return create(request, entity, from, to, keys, sample, false);
    }

    private static KeyReservoir draw(EntityStores entity, @Nullable Key from, @Nullable Key to, int size, long seed) {
        KeyReservoir reservoir = new KeyReservoir(size, seed);
        Key last = entity.legacy()
                .lastKey(from, to)
                .orElseThrow(() -> new InvalidInputException("--sample: the legacy store has no keys "
                        + (from == null && to == null ? "" : "in that range ") + "to draw from"));
        entity.legacy()
                .keys(
                        from,
                        null,
                        last,
                        Long.MAX_VALUE,
                        new OncePerKey(entity.shape().key(), reservoir::add));
        return reservoir;
    }

    /**
     * Creates a campaign over confirmed discrepancies of a verification, of its plan and its entity: of missing and
     * mismatched rows, and of unexpected ones only when those are to be deleted.
     *
     * @param kind a repair of them, or a verification that looks at them again
     * @param name the id to give it; null to make one up
     * @throws InvalidInputException when there are none, or the campaign is no verification that has ended
     * @throws dev.backpop.ledger.CampaignConflictException when the entity has an active campaign
     */
    public Campaign createOverDiscrepancies(
            String id, CampaignKind kind, @Nullable String name, String createdBy, boolean deleteUnexpected) {
        Campaign verification = requireRepairable(id);
        Path directory = Path.of(verification.spec().planDirectory());
        Plan plan = plans.read(verification.spec().planText(), verification.plan(), directory);
        Entity entity = plan.entity(verification.entity())
                .orElseThrow(() -> new InvalidInputException(
                        "campaign " + id + " has a plan without its entity " + verification.entity()));
        try (PlanStores stores = PlanStores.open(plan, target, "producer", 1, dispatch.access(kind))) {
            EntityStores opened = stores.entity(entity);
            Set<Key> keys = new LinkedHashSet<>();
            ledger.confirmedKeys(id, repaired(deleteUnexpected), MOST_LISTED_KEYS)
                    .forEach(key -> keys.add(opened.shape().key().fromJson(key)));
            if (keys.isEmpty()) {
                throw new InvalidInputException("campaign " + id + " has no discrepancies to repair");
            }
            CampaignRequest request =
                    new CampaignRequest(plan, directory, entity, kind, name, null, null, null, createdBy);
            return create(request, opened, null, null, keys, null, kind == CampaignKind.REPAIR && deleteUnexpected);
        }
    }

    private static Set<Discrepancy.Kind> repaired(boolean deleteUnexpected) {
        return deleteUnexpected
                ? EnumSet.allOf(Discrepancy.Kind.class)
                : EnumSet.complementOf(EnumSet.of(Discrepancy.Kind.UNEXPECTED));
    }

    /**
     * The verification whose discrepancies are to be repaired.
     *
     * @throws InvalidInputException when the campaign is not there, is no verification, or has not ended
     */
    public Campaign requireRepairable(String id) {
        Campaign verification = require(id);
        if (verification.kind() != CampaignKind.VERIFY) {
            throw new InvalidInputException("campaign " + id + " is a "
                    + verification.kind().word() + ": only a verification's discrepancies can be repaired");
        }
        if (!verification.state().ended()) {
            throw new InvalidInputException("campaign " + id + " is "
                    + verification.state().word() + ": let it end before its discrepancies are repaired");
        }
        return verification;
    }

    private Campaign create(
            CampaignRequest request,
            EntityStores entity,
            @Nullable Key from,
            @Nullable Key to,
            @Nullable Set<Key> keys,
            CampaignSpec.@Nullable Sample sample,
            boolean deleteUnexpected) {
        KeyShape shape = entity.shape().key();
        Verification.Method method = request.method();
        CampaignSpec spec = new CampaignSpec(
                request.plan().text(),
                request.planDirectory().toAbsolutePath().toString(),
                from == null ? null : shape.toJson(from),
                to == null ? null : shape.toJson(to),
                keys != null,
                method == null ? null : method.word(),
                sample,
                deleteUnexpected);
        String name = request.name();
        String id = name == null
                ? CampaignIds.next(request.entity().name(), request.kind(), clock, random)
                : CampaignIds.check(name);
        boolean touches = request.kind() == CampaignKind.REPAIR
                ? !(request.entity().guard() instanceof Guard.Overwrite)
                : request.kind() == CampaignKind.BACKFILL
                        && request.entity().guard().recordsTouches();
        if (touches) {
            // Before there is a chunk: what is fetched later can only be compared with touches that were recorded.
            new FenceGuard(target).install(request.plan().name(), request.entity(), entity.table());
        }
        NewCampaign wanted = new NewCampaign(
                id, request.plan().name(), request.entity().name(), request.kind(), spec, request.createdBy());
        return keys == null ? ledger.create(wanted) : ledger.create(wanted, chunks(keys, shape));
    }

    private static @Nullable Key bound(String option, @Nullable String typed, KeyShape shape) {
        return typed == null ? null : key(option, typed, shape);
    }

    private static Key key(String place, String typed, KeyShape shape) {
        try {
            return shape.parse(typed);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(List.of(new Problem(place, String.valueOf(e.getMessage()))));
        }
    }

    private static Set<Key> keys(Iterable<String> ids, KeyShape shape) {
        Set<Key> keys = new LinkedHashSet<>();
        long line = 0;
        for (String id : ids) {
            line++;
            if (!id.isBlank()) {
                keys.add(key("--ids line " + line, id, shape));
            }
            if (keys.size() > MOST_LISTED_KEYS) {
                throw new InvalidInputException("--ids lists more than " + MOST_LISTED_KEYS
                        + " keys, which are held in memory: split the list, or give a range with --from and --to");
            }
        }
        if (keys.isEmpty()) {
            throw new InvalidInputException("--ids lists no keys: write one key a line");
        }
        return keys;
    }

    private static List<NewChunk> chunks(Set<Key> keys, KeyShape shape) {
        List<Key> ordered = new ArrayList<>(keys);
        ordered.sort(shape);
        List<NewChunk> chunks = new ArrayList<>();
        for (int from = 0; from < ordered.size(); from += KEYS_IN_A_LISTED_CHUNK) {
            chunks.add(NewChunk.list(
                    ordered.subList(from, Math.min(ordered.size(), from + KEYS_IN_A_LISTED_CHUNK)).stream()
                            .map(shape::toJson)
                            .toList()));
        }
        return chunks;
    }

    /** The right to drive a campaign; empty while another process drives it. Close the driver to give it back. */
    public Optional<Driver> drive(String id) {
        return drive(id, ChunkSizer.FIRST);
    }

    /**
     * As {@link #drive(String)}.
     *
     * @param firstChunkKeys how many keys a chunk gets until it is known how long one takes
     */
    public Optional<Driver> drive(String id, int firstChunkKeys) {
        Optional<DriverLock> lock = ledger.tryDrive(id);
        return lock.map(taken -> new Driver(
                id,
                ledger,
                dispatch,
                taken,
                new StoredPlan(ledger, target, plans, clock, dispatch::access),
                new ChunkSizer(CampaignSettings.DEFAULT_CHUNK_TIME, firstChunkKeys),
                System::nanoTime));
    }

    /**
     * Moves a campaign to another state, and shows it.
     *
     * @throws InvalidInputException when there is no such campaign, or it cannot become that
     */
    public Campaign change(String id, CampaignState next, @Nullable String reason) {
        Campaign changed = ledger.transition(id, next, reason);
        if (next.ended()) {
            dispatch.retire(changed);
        } else {
            dispatch.publish(changed, null);
        }
        dispatch.hint(next.word() + " " + id);
        return changed;
    }

    /**
     * Changes settings of a campaign that has not ended, all or none, and shows them: what is leased from then on follows
     * them, and the driver and the workers at their next look.
     *
     * @param texts values by name, as {@link CampaignSettings#with} takes them
     * @throws InvalidInputException when there is no such campaign or setting, the campaign has ended, or a value is wrong
     */
    public Campaign set(String id, Map<String, String> texts) {
        Campaign changed = ledger.set(id, settings -> with(settings, texts));
        dispatch.publish(changed, null);
        dispatch.hint("set " + id);
        return changed;
    }

    private static CampaignSettings with(CampaignSettings settings, Map<String, String> texts) {
        CampaignSettings changed = settings;
        List<Problem> problems = new ArrayList<>();
        for (Map.Entry<String, String> text : texts.entrySet()) {
            try {
                changed = changed.with(text.getKey(), text.getValue());
            } catch (InvalidInputException e) {
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        return changed;
    }

    /**
     * What a retry runs again.
     *
     * @param chunks that failed, or were left undone in a campaign that had ended
     * @param rows that were rejected or deferred
     */
    public record Retry(long chunks, long rows) {}

    /**
     * Plans the failed chunks and the rejects of a campaign again and, when it had ended, sets it running with whatever was
     * left undone; its driver, or the next one, goes on.
     *
     * @return what will be run that otherwise would not, nothing when only planning or the end is to go on; empty when there
     *     is nothing to retry, and nothing was changed
     * @throws InvalidInputException when the campaign was cancelled
     * @throws dev.backpop.ledger.CampaignConflictException when its entity has another active campaign
     */
    public Optional<Retry> retry(String id) {
        Campaign campaign = require(id);
        boolean ended = campaign.state().ended();
        Totals totals = ledger.totals(id);
        long chunks = totals.chunks(ChunkState.FAILED) + (ended ? totals.chunks(ChunkState.PLANNED) : 0);
        Map<RejectState, Long> rejects = ledger.rejectCounts(id);
        long rows = rejects.getOrDefault(RejectState.REJECTED, 0L) + rejects.getOrDefault(RejectState.DEFERRED, 0L);
        if (chunks == 0 && rows == 0 && campaign.state() != CampaignState.FAILED) {
            return Optional.empty();
        }
        if (ended) {
            // First, since it may be refused, and chunks planned in a campaign that stays ended would never be run.
            change(id, CampaignState.RUNNING, null);
        }
        ledger.replanFailed(id);
        ledger.planReplays(id);
        if (require(id).state() == CampaignState.COMPLETED) {
            // Its driver was done before there was anything to do.
            change(id, CampaignState.RUNNING, null);
        }
        dispatch.rebuild(require(id));
        return Optional.of(new Retry(chunks, rows));
    }

    /**
     * Sets those ended backfills of a plan running again that have deferred rows whose parents have come since.
     *
     * @return their ids; they need a driver
     */
    public List<String> reopenArrived(String plan) {
        List<String> reopened = new ArrayList<>();
        for (String id : ledger.campaignsWithDeferredRows(plan)) {
            Campaign campaign = require(id);
            if (campaign.state() == CampaignState.COMPLETED && hasArrived(campaign)) {
                try {
                    change(id, CampaignState.RUNNING, null);
                    reopened.add(id);
                } catch (CampaignConflictException e) {
                    // Another campaign of the entity is at work; these rows are for 'retry', which says so.
                    LOG.info("the deferred rows of {} wait: {}", id, e.getMessage());
                }
            }
        }
        return reopened;
    }

    private boolean hasArrived(Campaign campaign) {
        try (StoredPlan stored = new StoredPlan(ledger, target, plans, clock, dispatch::access)) {
            return stored.table(campaign).foreignKeys().stream()
                    .anyMatch(key -> ledger.hasArrived(campaign.id(), key.name(), key.isThere("r.parent_key")));
        }
    }

    /** @throws InvalidInputException when there is no such campaign, saying how to list them */
    public Campaign require(String id) {
        return ledger.find(id)
                .orElseThrow(() -> new InvalidInputException("there is no campaign " + id + " in the ledger at "
                        + target.address() + ": 'backpop campaigns' lists them"));
    }
}
