package dev.backpop.campaign;

import dev.backpop.plan.Verification;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a campaign was asked to do. Kept in the ledger as JSON, where workers of other builds read it: fields are added,
 * never renamed.
 *
 * @param planText the plan file's text, {@code ${VAR}}s unexpanded
 * @param planDirectory the folder that the plan's relative paths start from, absolute
 * @param from inclusive lower key bound as a JSON array; null for none
 * @param to inclusive upper key bound as a JSON array; null for none
 * @param listed true when the keys were given one by one, or drawn, and planning enumerates nothing
 * @param method the word of the {@link Verification.Method} that was asked for in place of the plan's; null for none, as
 *     for every campaign that is no verification
 * @param sample what the listed keys were drawn from; null when they were not drawn
 * @param deleteUnexpected true when a repair also deletes target rows that the legacy store does not have; false where
 *     an older build wrote nothing
 */
public record CampaignSpec(
        String planText,
        String planDirectory,
        @Nullable String from,
        @Nullable String to,
        boolean listed,
        @Nullable String method,
        @Nullable Sample sample,
        boolean deleteUnexpected) {
    /** Of a campaign that was asked for nothing special. */
    public CampaignSpec(
            String planText, String planDirectory, @Nullable String from, @Nullable String to, boolean listed) {
        this(planText, planDirectory, from, to, listed, null, null, false);
    }

    /** The method that was asked for; empty when none was, or one that this build does not know. */
    public Optional<Verification.Method> wantedMethod() {
        return Optional.ofNullable(method).flatMap(Verification.Method::ofWord);
    }

    /**
     * Keys drawn at random, each as likely as every other and none twice.
     *
     * @param size how many were drawn
     * @param population how many there were to draw from
     * @param seed draws the same ones again, of the same keys
     */
    public record Sample(long size, long population, long seed) {
        public Sample {
            if (size < 0 || size > population) {
                throw new IllegalArgumentException("a sample of " + size + " of " + population + " keys");
            }
        }
    }
}
