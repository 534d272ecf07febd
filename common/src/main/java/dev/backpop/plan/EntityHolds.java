package dev.backpop.plan;

import org.jspecify.annotations.Nullable;

/**
 * What a plan says of an entity's holds.
 *
 * @param table the target table as the plan names it; null when the plan cannot be read so far
 */
public record EntityHolds(
        HoldThresholds thresholds, @Nullable String table) {}
