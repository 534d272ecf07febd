package dev.backpop.producer.report;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignSpec;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Discrepancy;
import dev.backpop.campaign.SampleBound;
import dev.backpop.campaign.Tally;
import dev.backpop.ledger.ChunkTimes;
import dev.backpop.ledger.ColumnCause;
import dev.backpop.ledger.DiscrepancyGroup;
import dev.backpop.ledger.EntityRejects;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.RejectGroup;
import dev.backpop.ledger.StoredDiscrepancy;
import dev.backpop.plan.Comparison;
import dev.backpop.plan.Entity;
import dev.backpop.producer.text.Quantities;
import dev.backpop.producer.text.StoredJson;
import dev.backpop.settings.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads reports from the ledger. Thread-safe. */
public final class ReportReader {
    private static final int MOST_CAUSES = 50;
    private static final int MOST_BUSY = 20;
    private static final int MOST_REJECTS = 30;
    private static final int MOST_ERRORS = 10;

    /** How every verification of this build compares: its spec names no other method. */
    private final Environment environment;

    private final String target;

    /** @param target where the target is, without credentials */
    public ReportReader(Environment environment, String target) {
        this.environment = environment;
        this.target = target;
    }

    /**
     * The report of a campaign as it stands.
     *
     * @param ledger of one snapshot, or what the report says may belong to several moments
     */
    public CampaignReport read(Ledger ledger, Campaign campaign) {
        String id = campaign.id();
        Findings findings = Findings.of(ledger, campaign);
        PlanFacts plan = PlanFacts.of(campaign, environment);
        SignOffStanding standing = SignOffStanding.of(ledger, campaign).orElse(null);
        Instant now = ledger.writesSince(id).now();
        List<CampaignReport.Cause> causes = findings.verification()
                ? ledger.confirmedGroups(id, MOST_CAUSES).stream()
                        .map(ReportReader::cause)
                        .toList()
                : List.of();
        long listed = causes.stream().mapToLong(CampaignReport.Cause::keys).sum();
        CampaignSpec.Sample sample = findings.coverage().sample();
        return new CampaignReport(
                id,
                campaign.plan(),
                campaign.entity(),
                campaign.kind(),
                campaign.state(),
                Verdict.of(findings, standing),
                standing == null ? null : new SignOffDocument(campaign, standing, List.of()),
                plan.legacy(),
                target(plan.entity()),
                campaign.createdBy(),
                now,
                campaign.createdAt(),
                campaign.startedAt(),
                campaign.finishedAt(),
                campaign.reason(),
                findings.verification() ? method(ledger.methods(id)) : null,
                findings.coverage(),
                findings.coverage().text(),
                sample == null ? null : bound(findings, sample),
                plan.problem(),
                sum(findings),
                findings.faults(),
                causes,
                Math.max(0, findings.confirmed() - listed),
                findings.verification() ? columns(ledger, findings, plan.entity()) : List.of(),
                rejects(ledger, findings),
                ledger.rowReasons(id),
                findings.pending(),
                ledger.busiest(id, MOST_BUSY).stream().map(ReportReader::busy).toList(),
                findings.checks(),
                ledger.chunkErrorGroups(id, MOST_ERRORS),
                timings(ledger.chunkTimes(id), findings, now));
    }

    private String target(@Nullable Entity entity) {
        return (entity == null ? "" : "table " + entity.into().table() + " in ") + target;
    }

    /** How keys were looked at first, most of them first. */
    private static @Nullable String method(Map<String, Long> methods) {
        String text = methods.entrySet().stream()
                .map(method -> switch (method.getKey()) {
                    case "digests" ->
                        "digests: " + Quantities.count(method.getValue())
                                + " keys in chunks whose 64-bit digests were compared, and row by row where they differ";
                    case "bytes" ->
                        "bytes: " + Quantities.count(method.getValue())
                                + " keys of which both sides' bytes were compared, and column by column where they differ";
                    default ->
                        "rows: " + Quantities.count(method.getValue())
                                + " keys of which both rows were read and compared, column by column";
                })
                .collect(Collectors.joining("; "));
        return text.isEmpty() ? null : text;
    }

    private static String bound(Findings findings, CampaignSpec.Sample sample) {
        long wrong = findings.confirmed(Discrepancy.Kind.MISSING)
                + findings.confirmed(Discrepancy.Kind.MISMATCHED)
                + findings.count(Counter.ROWS_UNVERIFIABLE)
                + findings.pending();
        long differing = Math.min(wrong, sample.size());
        return Quantities.count(differing) + " of " + Quantities.count(sample.size()) + " differ: at most "
                + new SampleBound(differing, sample.size(), sample.population()).percent() + " % of "
                + Quantities.count(sample.population())
                + " rows do, at 95 % confidence; rows that only the target has are not covered";
    }

    private static CampaignReport.Sum sum(Findings findings) {
        Tally tally = findings.tally();
        List<CampaignReport.Term> terms = Tally.terms(tally.kind()).stream()
                .map(counter -> new CampaignReport.Term(counter.word(), findings.count(counter)))
                .toList();
        return new CampaignReport.Sum(
                tally.enumerated(),
                tally.addsUp(),
                tally.explain(),
                terms,
                findings.count(Counter.ROWS_UNEXPECTED),
                tally.keysNotDone());
    }

    private static CampaignReport.Cause cause(DiscrepancyGroup group) {
        List<CampaignReport.Example> examples = new ArrayList<>(List.of(example(group.example())));
        if (group.count() > 1) {
            examples.add(example(group.last()));
        }
        return new CampaignReport.Cause(
                group.example().kind(),
                group.example().columns().stream()
                        .map(difference -> new CampaignReport.ColumnCause(difference.column(), difference.cause()))
                        .toList(),
                group.cause(),
                group.count(),
                examples);
    }

    private static CampaignReport.Example example(Discrepancy discrepancy) {
        return new CampaignReport.Example(
                StoredJson.node(discrepancy.key()), discrepancy.cause(), discrepancy.columns());
    }

    private static List<CampaignReport.Column> columns(Ledger ledger, Findings findings, @Nullable Entity entity) {
        String id = findings.campaign().id();
        List<ColumnCause> causes = ledger.columnCauses(id);
        Map<String, Long> tolerated = ledger.toleratedRows(id);
        Set<String> names = new LinkedHashSet<>();
        if (entity != null) {
            entity.columns().forEach(rule -> names.add(rule.column()));
        }
        causes.forEach(cause -> names.add(cause.column()));
        names.addAll(tolerated.keySet());
        long compared = findings.count(Counter.ROWS_MATCHED) + findings.count(Counter.ROWS_MISMATCHED);
        return names.stream()
                .map(name -> column(name, entity, compared, tolerated.getOrDefault(name, 0L), causes))
                .toList();
    }

    private static CampaignReport.Column column(
            String name, @Nullable Entity entity, long compared, long tolerated, List<ColumnCause> all) {
        Comparison rule = entity == null ? null : entity.comparison(name);
        String ignored = rule instanceof Comparison.Ignore ignore ? ignore.reason() : null;
        List<CampaignReport.CauseCount> causes = all.stream()
                .filter(cause -> cause.column().equals(name))
                .map(cause -> new CampaignReport.CauseCount(cause.cause(), cause.rows()))
                .toList();
        return new CampaignReport.Column(
                name,
                rule == null ? null : rule.text(),
                ignored,
                ignored == null ? compared : 0,
                causes.stream().mapToLong(CampaignReport.CauseCount::rows).sum(),
                tolerated,
                causes);
    }

    private static List<CampaignReport.Rejects> rejects(Ledger ledger, Findings findings) {
        Campaign campaign = findings.campaign();
        List<EntityRejects> found = findings.verification()
                ? ledger.entityRejects(campaign.plan(), campaign.entity(), MOST_REJECTS)
                : ledger.rejectGroups(campaign.id()).stream()
                        .limit(MOST_REJECTS)
                        .map(group -> new EntityRejects(campaign.id(), group))
                        .toList();
        return found.stream()
                .map(rejects -> rejects(rejects.campaignId(), rejects.group()))
                .toList();
    }

    private static CampaignReport.Rejects rejects(String campaign, RejectGroup group) {
        return new CampaignReport.Rejects(
                campaign,
                group.state(),
                group.stage(),
                group.sqlState(),
                group.constraint() == null ? group.column() : group.constraint(),
                group.count(),
                StoredJson.node(group.exampleKey()),
                group.exampleMessage());
    }

    private static CampaignReport.Busy busy(StoredDiscrepancy stored) {
        return new CampaignReport.Busy(
                StoredJson.node(stored.discrepancy().key()),
                stored.discrepancy().kind(),
                stored.checks(),
                stored.discrepancy().columns().stream()
                        .map(Discrepancy.Difference::column)
                        .toList());
    }

    private static CampaignReport.Timings timings(ChunkTimes times, Findings findings, Instant now) {
        Instant started = findings.campaign().startedAt();
        Instant finished = findings.campaign().finishedAt();
        Long millis = null;
        Double rate = null;
        if (started != null) {
            long took =
                    Duration.between(started, finished == null ? now : finished).toMillis();
            millis = Math.max(0, took);
            rate = findings.totals().keysDone() * 1000.0 / Math.max(1, took);
        }
        return new CampaignReport.Timings(
                millis,
                rate,
                times.chunks(),
                times.workers(),
                times.together().toMillis(),
                millis(times.median()),
                times.slowest(),
                millis(times.slowestTook()),
                times.slowestKeys());
    }

    private static @Nullable Long millis(@Nullable Duration duration) {
        return duration == null ? null : duration.toMillis();
    }
}
