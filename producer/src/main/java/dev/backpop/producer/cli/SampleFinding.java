package dev.backpop.producer.cli;

import dev.backpop.campaign.CampaignSpec;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.campaign.SampleBound;
import dev.backpop.producer.text.Quantities;
import org.jspecify.annotations.Nullable;

/**
 * What a verification of a sample says about all rows, for people and, as a document, for programs. Keys that were gone
 * when they were looked at are neither in the sample nor among all rows.
 *
 * @param seed draws the same keys again
 * @param compared rows of the sample that were there to be compared
 * @param population rows that they stand for
 * @param differing those compared that differ, or were not proven equal
 * @param unproven those of them that could not be compared, or not for good
 * @param atMost the share of the population, from 0 to 1, that differs at most; null until all of the sample was compared
 * @param confidence how sure that is
 */
record SampleFinding(
        long seed,
        long compared,
        long population,
        long differing,
        long unproven,
        @Nullable Double atMost,
        double confidence) {
    /** Null for a campaign that is no verification of a sample. */
    static @Nullable SampleFinding of(CampaignOutcome outcome) {
        CampaignSpec.Sample sample = outcome.campaign().spec().sample();
        if (sample == null) {
            return null;
        }
        Counters counters = outcome.totals().counters();
        long gone = counters.get(Counter.ROWS_ABSENT) + counters.get(Counter.ROWS_EXCLUDED);
        long compared = outcome.tally().accountedFor() - gone;
        long population = sample.population() - gone;
        long differing = compared - counters.get(Counter.ROWS_MATCHED);
        Double atMost = outcome.campaign().state() == CampaignState.COMPLETED
                ? Double.valueOf(new SampleBound(differing, compared, population).share())
                : null;
        return new SampleFinding(
                sample.seed(), compared, population, differing, outcome.unproven(), atMost, SampleBound.CONFIDENCE);
    }

    /** The finding in one sentence, without a full stop. */
    String text() {
        String found = Quantities.count(differing) + " of " + Quantities.count(compared) + " differ"
                + (unproven == 0 ? "" : " or are not proven equal");
        if (atMost == null) {
            return found + " so far; what that says about all of them is known when the verification is completed";
        }
        String uncovered = "; rows that only the target has are not covered";
        if (compared == population) {
            return found + ", and that is all there are" + uncovered;
        }
        return found + ": at most " + new SampleBound(differing, compared, population).percent() + " % of "
                + Quantities.count(population) + " rows do, at " + Math.round(confidence * 100) + " % confidence"
                + uncovered;
    }
}
