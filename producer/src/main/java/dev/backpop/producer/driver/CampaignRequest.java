package dev.backpop.producer.driver;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.plan.Entity;
import dev.backpop.plan.Plan;
import dev.backpop.plan.Verification;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A campaign that somebody asks for.
 *
 * @param planDirectory where the plan's relative paths start
 * @param name the id to give it; null to make one up
 * @param from inclusive lower key bound as typed; null for none
 * @param to inclusive upper key bound as typed; null for none
 * @param ids the keys to run, as typed, one a line, each once however often it is given; null to enumerate
 * @param sample to verify some keys that are drawn, in place of all; null for all, and never beside {@code ids}
 * @param method how a verification first looks at rows; null for the plan's, or Backpop's, choice
 */
public record CampaignRequest(
        Plan plan,
        Path planDirectory,
        Entity entity,
        CampaignKind kind,
        @Nullable String name,
        @Nullable String from,
        @Nullable String to,
        @Nullable Iterable<String> ids,
        String createdBy,
        @Nullable SampleRequest sample,
        Verification.@Nullable Method method) {
    public CampaignRequest {
        if (ids != null && sample != null) {
            throw new IllegalArgumentException("a sample of listed keys");
        }
    }

    /** Of all keys or those listed, looked at as the plan has it. */
    public CampaignRequest(
            Plan plan,
            Path planDirectory,
            Entity entity,
            CampaignKind kind,
            @Nullable String name,
            @Nullable String from,
            @Nullable String to,
            @Nullable Iterable<String> ids,
            String createdBy) {
        this(plan, planDirectory, entity, kind, name, from, to, ids, createdBy, null, null);
    }
}
