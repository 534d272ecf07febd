package dev.backpop.plan;

/**
 * How one target column gets its value.
 *
 * @param column the target column's exact name
 * @param expression for a database: a legacy column's exact name, or else an SQL expression of the legacy database; for a
 *     file: a field's name
 */
public record ColumnRule(String column, String expression) {}
