package dev.backpop.campaign;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One run of one kind over one entity, as the ledger has it.
 *
 * @param id readable and unique, such as {@code post-backfill-20261122-1015-7f3a}
 * @param plan the plan's name
 * @param entity the entity's name
 * @param spec what was asked for, with the plan's text
 * @param reason why the campaign is in its state, where there is more to say; null otherwise
 * @param holdReason why a running campaign waits; null when it does not
 * @param keyUpper the frozen upper key bound as a JSON array; null until planning starts and when there are no keys
 * @param planCursor the last key that planning has passed, as a JSON array; null before the first
 * @param planDone true when every key has its chunk
 * @param startedAt null until it first runs
 * @param finishedAt null until it ends
 * @param createdBy who asked for it, as {@code user@host}
 * @param settings what was changed of it while it ran
 */
public record Campaign(
        String id,
        String plan,
        String entity,
        CampaignKind kind,
        CampaignSpec spec,
        CampaignState state,
        @Nullable String reason,
        @Nullable String holdReason,
        @Nullable String keyUpper,
        @Nullable String planCursor,
        boolean planDone,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        String createdBy,
        CampaignSettings settings) {}
