package dev.backpop.target;

import dev.backpop.row.ColumnType;

/**
 * One column of a target table.
 *
 * @param collation the column's collation as SQL, empty for types that have none
 * @param notNull true when the column or its domain refuses NULL
 * @param hasDefault true when a row may leave the column out
 * @param generated true when the column is computed and cannot be written
 * @param alwaysIdentity true when writing it needs {@code OVERRIDING SYSTEM VALUE}
 */
public record TargetColumn(
        String name,
        ColumnType type,
        String collation,
        boolean notNull,
        boolean hasDefault,
        boolean generated,
        boolean alwaysIdentity) {}
