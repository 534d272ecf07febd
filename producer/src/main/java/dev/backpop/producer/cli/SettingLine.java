package dev.backpop.producer.cli;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignSettings;
import dev.backpop.plan.HoldThreshold;
import dev.backpop.plan.HoldThresholds;
import dev.backpop.plan.PlanReader;
import dev.backpop.settings.Environment;
import java.util.List;

/**
 * One setting of a campaign.
 *
 * @param value what counts
 * @param planned what would count if nothing had been set
 * @param changed whether it was set
 */
record SettingLine(String name, String value, String planned, boolean changed) {
    /** Every setting, in the order of the documentation. */
    static List<SettingLine> all(Campaign campaign, Environment environment) {
        HoldThresholds plan = new PlanReader(environment)
                .holds(campaign.spec().planText(), campaign.plan(), campaign.entity())
                .thresholds();
        CampaignSettings settings = campaign.settings();
        return CampaignSettings.names().stream()
                .map(name -> new SettingLine(
                        name,
                        settings.text(name, plan),
                        CampaignSettings.planned(name, plan),
                        settings.texts().containsKey(name)))
                .toList();
    }

    /** A value of it as people read it. */
    String words(String text) {
        if (!text.equals(HoldThreshold.OFF)) {
            return text;
        }
        return HoldThreshold.ofWord(name).isPresent() ? "off" : "unlimited";
    }

    /** {@code replica_lag=30s (5s by default)}. */
    String difference() {
        return name + "=" + value + " (" + words(planned) + " by default)";
    }
}
