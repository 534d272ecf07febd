package dev.backpop.worker;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.ledger.Ledger;
import dev.backpop.legacy.LegacyAccess;
import dev.backpop.plan.Entity;
import dev.backpop.plan.Plan;
import dev.backpop.plan.PlanReader;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.stores.EntityStores;
import dev.backpop.stores.PlanStores;
import dev.backpop.worker.backfill.BackfillRunner;
import dev.backpop.worker.verify.VerifyRunner;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The campaigns this worker has opened: their plans read from the ledger with this process' environment, their stores
 * connected. Opened once, when the first chunk comes, and closed when the campaign is no longer active and its last chunk
 * is over. Thread-safe.
 */
final class OpenCampaigns implements AutoCloseable {
    private final Ledger ledger;
    private final PostgresPool target;
    private final PlanReader plans;
    private final String worker;
    private final int lanes;
    private final Clock clock;
    private final Function<CampaignKind, LegacyAccess> access;
    private final Map<String, OpenCampaign> open = new HashMap<>();
    /** How many lanes are at a chunk of it. */
    private final Map<OpenCampaign, Integer> users = new HashMap<>();

    /** @param access what a campaign's legacy store shares with those of other processes */
    OpenCampaigns(
            Ledger ledger,
            PostgresPool target,
            PlanReader plans,
            String worker,
            int lanes,
            Clock clock,
            Function<CampaignKind, LegacyAccess> access) {
        this.ledger = ledger;
        this.target = target;
        this.plans = plans;
        this.worker = worker;
        this.lanes = lanes;
        this.clock = clock;
        this.access = access;
    }

    /**
     * The campaign, opened; {@link #release} it when the chunk is over.
     *
     * @throws InvalidInputException when this worker cannot run it: an unset variable, a table that does not fit, no such
     *     campaign in its ledger
     * @throws dev.backpop.problem.StoreUnreachableException when a store cannot be reached
     * @throws dev.backpop.legacy.LegacyUnavailableException when the legacy store is lost meanwhile, or may not be asked now
     */
    synchronized OpenCampaign get(String id) {
        OpenCampaign found = open.get(id);
        if (found == null) {
            found = open(id);
            open.put(id, found);
        }
        users.merge(found, 1, Integer::sum);
        return found;
    }

    /** Says that a chunk of it is over. The last one closes a campaign that was forgotten meanwhile. */
    synchronized void release(OpenCampaign used) {
        if (users.computeIfPresent(used, (campaign, lanes) -> lanes > 1 ? lanes - 1 : null) == null
                && !open.containsValue(used)) {
            used.close();
        }
    }

    private OpenCampaign open(String id) {
        Campaign campaign = ledger.find(id)
                .orElseThrow(() -> new InvalidInputException("campaign " + id + " is in Redis but not in the ledger at "
                        + target.address() + ": this worker serves another target; give each target its own Redis or"
                        + " its own --redis-prefix"));
        Plan plan = plans.read(
                campaign.spec().planText(),
                campaign.plan(),
                Path.of(campaign.spec().planDirectory()));
        Entity entity = plan.entity(campaign.entity())
                .orElseThrow(() -> new InvalidInputException(
                        "campaign " + id + " has a plan without its entity " + campaign.entity()));
        PlanStores stores = PlanStores.open(plan, target, "worker", lanes, access.apply(campaign.kind()));
        try {
            // Says at once what the pool would try for ten seconds, while other lanes wait here.
            stores.legacy().check();
            EntityStores open = stores.entity(entity);
            PostgresPool limited = target.withStatementTimeout(plan.target().statementTimeout());
            return new OpenCampaign(campaign, stores, open, runner(campaign, open, limited));
        } catch (RuntimeException e) {
            stores.close();
            throw e;
        }
    }

    private ChunkRunner runner(Campaign campaign, EntityStores stores, PostgresPool limited) {
        return switch (campaign.kind()) {
            case BACKFILL, REPAIR -> new BackfillRunner(campaign, stores, limited, ledger, worker, clock);
            case VERIFY -> new VerifyRunner(campaign, stores, limited, ledger, worker, clock);
            case BACKUP ->
                throw new InvalidInputException("campaign " + campaign.id() + " is a "
                        + campaign.kind().word() + ", which this build does not know: start a newer one");
        };
    }

    /** Lets the campaign be opened anew: its tables may have changed. Closes it when no lane is at it. */
    synchronized void forget(String id) {
        OpenCampaign found = open.remove(id);
        if (found != null && !users.containsKey(found)) {
            found.close();
        }
    }

    /** Closes every campaign that is not active any more. */
    synchronized void keepOnly(Set<String> active) {
        for (String id : Set.copyOf(open.keySet())) {
            if (!active.contains(id)) {
                forget(id);
            }
        }
    }

    /** Closes every campaign, whoever is at it. */
    @Override
    public synchronized void close() {
        keepOnly(Set.of());
        Set.copyOf(users.keySet()).forEach(OpenCampaign::close);
        users.clear();
    }
}
