package dev.backpop.worker;

import dev.backpop.campaign.CampaignSettings;
import dev.backpop.health.HoldDecision;
import dev.backpop.health.Reading;
import dev.backpop.health.TargetHealth;
import dev.backpop.health.Watch;
import dev.backpop.ledger.Ledger;
import dev.backpop.plan.EntityHolds;
import dev.backpop.plan.HoldThreshold;
import dev.backpop.plan.PlanReader;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.StoreUnreachableException;
import dev.backpop.worker.metrics.WorkerMetrics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the target for every running campaign of this worker, and lets it use fewer lanes, or none, while the target is
 * not well. {@link #runOnce} is for one thread, {@link #problem} for any.
 */
final class HealthKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(HealthKeeper.class);

    private final TargetHealth health;
    private final Ledger ledger;
    private final PlanReader plans;
    private final CampaignRotation rotation;
    private final LaneAllowances allowances;
    private final WorkerMetrics metrics;
    private final Map<String, EntityHolds> planned = new HashMap<>();
    private final Map<String, HoldDecision> decisions = new HashMap<>();
    /** Holds that are over, which the ledger has not been told yet. */
    private final Set<String> ended = new HashSet<>();

    private volatile Map<String, String> holding = Map.of();

    HealthKeeper(
            TargetHealth health,
            Ledger ledger,
            PlanReader plans,
            CampaignRotation rotation,
            LaneAllowances allowances,
            WorkerMetrics metrics) {
        this.health = health;
        this.ledger = ledger;
        this.plans = plans;
        this.rotation = rotation;
        this.allowances = allowances;
        this.metrics = metrics;
    }

    /**
     * Looks once.
     *
     * @throws StoreUnreachableException when the ledger cannot be read or told; nothing leases less for it
     */
    void runOnce() {
        Map<String, CampaignSettings> running = rotation.running();
        keepOnly(running.keySet());
        List<Watch> watches = new ArrayList<>();
        running.forEach((id, settings) -> watch(id, settings).ifPresent(watches::add));
        Map<String, String> reasons = new HashMap<>();
        Map<String, List<Reading>> looks = health.look(watches);
        looks.forEach((id, readings) -> decide(id, readings, reasons));
        holding = Map.copyOf(reasons);
        // Last, since the ledger may be what cannot be reached. At every look: whoever has said it before may have
        // taken it
        // back, being a look ahead.
        reasons.forEach((id, reason) -> ledger.holdForHealth(id, reason, false));
        for (String id : Set.copyOf(ended)) {
            ledger.holdForHealth(id, null, false);
            ended.remove(id);
        }
    }

    private Optional<Watch> watch(String id, CampaignSettings settings) {
        EntityHolds holds = planned.get(id);
        if (holds == null) {
            try {
                holds = ledger.find(id)
                        .map(campaign -> plans.holds(campaign.spec().planText(), campaign.plan(), campaign.entity()))
                        .orElse(null);
            } catch (InvalidInputException e) {
                LOG.warn("the target is not watched for campaign {}: {}", id, e.getMessage());
                return Optional.empty();
            }
            if (holds == null) {
                // Another target's campaign: its chunks are refused with that reason.
                return Optional.empty();
            }
            planned.put(id, holds);
        }
        return Optional.of(new Watch(id, settings.over(holds.thresholds()), holds.table()));
    }

    private void decide(String id, List<Reading> readings, Map<String, String> reasons) {
        HoldDecision decision = decisions.computeIfAbsent(id, HoldDecision::new);
        Set<HoldThreshold> before = new HashSet<>(decision.thresholds());
        boolean wasHeld = decision.held();
        decision.observe(readings);
        allowances.observe(id, decision.held(), decision.pressed());
        String reason = decision.reason();
        if (reason != null) {
            reasons.put(id, reason);
            decision.thresholds().stream()
                    .filter(threshold -> !before.contains(threshold))
                    .forEach(metrics::hold);
            if (!wasHeld) {
                LOG.warn("campaign {} holds: {}", id, reason);
            }
            ended.remove(id);
        } else if (wasHeld) {
            LOG.info("campaign {} goes on: the target is well", id);
            ended.add(id);
        }
    }

    private void keepOnly(Set<String> running) {
        planned.keySet().retainAll(running);
        decisions.keySet().retainAll(running);
        ended.retainAll(running);
        allowances.keepOnly(running);
    }

    /** Every hold in one text; null when there is none. */
    @Nullable
    String problem() {
        Map<String, String> now = holding;
        return now.isEmpty()
                ? null
                : now.entrySet().stream()
                        .map(entry -> entry.getKey() + ": " + entry.getValue())
                        .sorted()
                        .collect(Collectors.joining("; "));
    }
}
