package dev.backpop.producer.driver;

import dev.backpop.campaign.Campaign;
import dev.backpop.health.HoldDecision;
import dev.backpop.health.TargetHealth;
import dev.backpop.health.Watch;
import dev.backpop.ledger.Ledger;
import dev.backpop.plan.PlanReader;
import dev.backpop.postgres.PostgresPool;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a driver's campaign holds for the target's sake, looked at every two seconds and kept in the ledger. For one thread.
 */
final class HealthHold {
    private static final Logger LOG = LoggerFactory.getLogger(HealthHold.class);
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final String id;
    private final Ledger ledger;
    private final PlanReader plans;
    private final TargetHealth health;
    private final HoldDecision decision;
    private long lookedAt;
    private boolean looked;

    HealthHold(String id, Ledger ledger, PostgresPool target, PlanReader plans) {
        this.id = id;
        this.ledger = ledger;
        this.plans = plans;
        this.health = new TargetHealth(target);
        this.decision = new HoldDecision(id);
    }

    /**
     * True while nothing more is to be planned.
     *
     * @param now monotonic nanoseconds
     */
    boolean holds(Campaign campaign, long now) {
        if (looked && now - lookedAt < LOOK.toNanos()) {
            return decision.held();
        }
        looked = true;
        lookedAt = now;
        boolean wasHeld = decision.held();
        decision.observe(health.look(List.of(Watch.of(campaign, plans))).getOrDefault(id, List.of()));
        String reason = decision.reason();
        if (reason != null) {
            if (!wasHeld) {
                LOG.warn("campaign {} holds: {}", id, reason);
            }
            ledger.holdForHealth(id, reason, true);
        } else if (wasHeld || decision.calm()) {
            // Also where a worker said it, which may have died since.
            ledger.holdForHealth(id, null, true);
        }
        return decision.held();
    }
}
