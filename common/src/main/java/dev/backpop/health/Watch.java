package dev.backpop.health;

import dev.backpop.campaign.Campaign;
import dev.backpop.plan.EntityHolds;
import dev.backpop.plan.HoldThresholds;
import dev.backpop.plan.PlanReader;
import org.jspecify.annotations.Nullable;

/**
 * What is looked at for one campaign.
 *
 * @param table its target table as the plan names it; null when that is not known
 */
public record Watch(
        String campaignId,
        HoldThresholds thresholds,
        @Nullable String table) {
    /**
     * What a campaign's plan says, under its settings.
     *
     * @throws dev.backpop.problem.InvalidInputException when the plan's text is no YAML
     */
    public static Watch of(Campaign campaign, PlanReader plans) {
        EntityHolds planned = plans.holds(campaign.spec().planText(), campaign.plan(), campaign.entity());
        return new Watch(campaign.id(), campaign.settings().over(planned.thresholds()), planned.table());
    }
}
