package dev.backpop.producer.demo;

import dev.backpop.campaign.Campaign;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What befalls a campaign of the demo while it runs. */
interface DemoIncident {
    DemoIncident NONE = (campaign, done) -> null;

    /**
     * Looks at the campaign, and does what is to be done now.
     *
     * @param done how much of it is done, 0 to 1
     * @return what to say beside the progress; null for nothing
     */
    @Nullable
    String look(Campaign campaign, double done) throws InterruptedException;

    /** How long to wait until the next look. */
    default Duration pause() {
        return Duration.ofMillis(100);
    }
}
