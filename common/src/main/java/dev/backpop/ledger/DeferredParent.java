package dev.backpop.ledger;

/**
 * A row that deferred ones wait for.
 *
 * @param constraint the target's foreign key that refused them
 * @param table the table it points to, quoted, with its schema
 * @param key the referenced columns' values as a JSON array
 * @param rows how many wait for it
 */
public record DeferredParent(String constraint, String table, String key, long rows) {}
