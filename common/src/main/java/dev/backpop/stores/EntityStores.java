package dev.backpop.stores;

import dev.backpop.legacy.LegacyEntity;
import dev.backpop.plan.Entity;
import dev.backpop.row.RowShape;
import dev.backpop.target.TargetTable;

/**
 * One entity, opened on both sides.
 *
 * @param shape how its rows travel
 */
public record EntityStores(Entity entity, TargetTable table, RowShape shape, LegacyEntity legacy) {}
