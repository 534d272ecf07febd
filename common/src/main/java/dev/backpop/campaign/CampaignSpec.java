package dev.backpop.campaign;

import org.jspecify.annotations.Nullable;

/**
 * What a campaign was asked to do. Kept in the ledger as JSON, where workers of other builds read it: fields are added,
 * never renamed.
 *
 * @param planText the plan file's text, {@code ${VAR}}s unexpanded
 * @param planDirectory the folder that the plan's relative paths start from, absolute
 * @param from inclusive lower key bound as a JSON array; null for none
 * @param to inclusive upper key bound as a JSON array; null for none
 * @param listed true when the keys were given one by one and planning enumerates nothing
 */
public record CampaignSpec(
        String planText,
        String planDirectory,
        @Nullable String from,
        @Nullable String to,
        boolean listed) {}
