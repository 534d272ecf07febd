package dev.backpop.producer.cli;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignSpec;
import dev.backpop.campaign.ChunkState;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.RowReason;
import dev.backpop.campaign.Tally;
import dev.backpop.health.Reading;
import dev.backpop.health.TargetHealth;
import dev.backpop.health.Watch;
import dev.backpop.ledger.ChunkErrorGroup;
import dev.backpop.ledger.DiscrepancyGroup;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.RejectGroup;
import dev.backpop.legacy.reddit.api.RedditClient;
import dev.backpop.plan.Entity;
import dev.backpop.plan.LegacySource;
import dev.backpop.plan.Plan;
import dev.backpop.plan.PlanReader;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.producer.driver.Session;
import dev.backpop.producer.report.SignOffStanding;
import dev.backpop.queue.Backlog;
import dev.backpop.queue.BudgetState;
import dev.backpop.queue.WorkerStatus;
import dev.backpop.settings.Environment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that is known of a campaign: by the ledger what came of it, by Redis what is waiting and who works.
 *
 * @param driven true when a producer drives it; not asked of one that has ended
 * @param settings every setting, changed or not
 * @param health how the target fares by the campaign's thresholds; empty for one that has ended
 * @param budget the request budget of its legacy store, and what it needs of it; empty where it has none, the campaign has ended, or the plan cannot be read
 *     here
 * @param errors what failed chunks ended with, the commonest few
 * @param rejects the commonest few causes
 * @param discrepancies the commonest few causes
 * @param reasons why keys came to no row and to no reject, the commonest few
 * @param signOff the newest, whether it holds or not
 */
record CampaignStatus(
        CampaignOutcome outcome,
        Backlog backlog,
        List<WorkerStatus> workers,
        boolean driven,
        List<SettingLine> settings,
        List<Reading> health,
        Optional<RequestBudget> budget,
        List<ChunkErrorGroup> errors,
        List<RejectGroup> rejects,
        List<DiscrepancyGroup> discrepancies,
        List<RowReason> reasons,
        Optional<SignOffStanding> signOff) {
    private static final int MOST_GROUPS = 5;

    static CampaignStatus of(Session session, Campaign campaign, Environment environment) {
        Ledger ledger = session.ledger();
        String id = campaign.id();
        CampaignOutcome outcome = CampaignOutcome.of(ledger, campaign);
        return new CampaignStatus(
                outcome,
                session.dispatch().queue().backlog(id),
                session.dispatch().heartbeats().alive(),
                !campaign.state().ended() && CampaignWords.driven(ledger, id),
                SettingLine.all(campaign, environment),
                campaign.state().ended() ? List.of() : health(session, campaign, environment),
                campaign.state().ended() ? Optional.empty() : budget(session, outcome, environment),
                ledger.chunkErrorGroups(id, MOST_GROUPS),
                ledger.rejectGroups(id).stream().limit(MOST_GROUPS).toList(),
                ledger.discrepancyGroups(id).stream().limit(MOST_GROUPS).toList(),
                ledger.rowReasons(id).stream().limit(MOST_GROUPS).toList(),
                SignOffStanding.of(ledger, campaign));
    }

    private static List<Reading> health(Session session, Campaign campaign, Environment environment) {
        return new TargetHealth(session.target())
                .look(List.of(Watch.of(campaign, new PlanReader(environment))))
                .getOrDefault(campaign.id(), List.of());
    }

    private static Optional<RequestBudget> budget(Session session, CampaignOutcome outcome, Environment environment) {
        Campaign campaign = outcome.campaign();
        try {
            CampaignSpec spec = campaign.spec();
            Plan plan =
                    new PlanReader(environment).read(spec.planText(), campaign.plan(), Path.of(spec.planDirectory()));
            Optional<Entity> entity = plan.entity(campaign.entity());
            if (!(plan.legacy() instanceof LegacySource.Reddit reddit) || entity.isEmpty()) {
                return Optional.empty();
            }
            BudgetState state = session.dispatch()
                    .budget(RedditClient.store(reddit), RedditClient.limit(reddit))
                    .state();
            String estimate = session.dispatch().view().fields(campaign.id()).get("estimate");
            return Optional.of(RequestBudget.of(
                    state,
                    entity.get().from(),
                    campaign,
                    outcome.totals(),
                    estimate == null ? null : Long.valueOf(estimate)));
        } catch (InvalidInputException e) {
            // Its variables are the workers', and nobody needs them to see how a campaign stands.
            return Optional.empty();
        }
    }

    Campaign campaign() {
        return outcome.campaign();
    }

    /** Chunks by state, in the order of states. */
    Map<String, Long> chunks() {
        Map<String, Long> chunks = new LinkedHashMap<>();
        for (ChunkState state : ChunkState.values()) {
            chunks.put(state.word(), outcome.totals().chunks(state));
        }
        return chunks;
    }

    /** The counters of the campaign's kind, in the order of its sum. */
    Map<String, Long> rows() {
        List<Counter> counters = new ArrayList<>();
        counters.add(Counter.ROWS_READ);
        counters.addAll(Tally.terms(campaign().kind()));
        if (campaign().kind() == CampaignKind.VERIFY) {
            counters.add(Counter.ROWS_UNEXPECTED);
        }
        Map<String, Long> rows = new LinkedHashMap<>();
        counters.forEach(
                counter -> rows.put(counter.word(), outcome.totals().counters().get(counter)));
        return rows;
    }
}
