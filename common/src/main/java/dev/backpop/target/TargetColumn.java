package dev.backpop.target;

import dev.backpop.row.ColumnType;

/**
 * One column of a target table.
 *
 * @param maxCharacters the length that the type declares for {@code varchar(n)}; 0 where there is none
 * @param collation the column's collation as SQL, empty for types that have none
 * @param notNull true when the column or its domain refuses NULL
 * @param hasDefault true when a row may leave the column out
 * @param generated true when the column is computed and cannot be written
 * @param alwaysIdentity true when writing it needs {@code OVERRIDING SYSTEM VALUE}
 */
public record TargetColumn(
        String name,
        ColumnType type,
        int maxCharacters,
        String collation,
        boolean notNull,
        boolean hasDefault,
        boolean generated,
        boolean alwaysIdentity) {}
