package dev.backpop.producer.demo;

import dev.backpop.campaign.Campaign;
import dev.backpop.ledger.Totals;
import java.time.Duration;

/**
 * What came of one of the demo's campaigns.
 *
 * @param time from its creation to its end
 */
record DemoOutcome(Campaign campaign, Totals totals, Duration time) {
    String entity() {
        return campaign.entity();
    }
}
