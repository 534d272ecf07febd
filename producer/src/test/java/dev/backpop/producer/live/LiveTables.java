package dev.backpop.producer.live;

import dev.backpop.testing.Database;

/**
 * The two tables that the application writes.
 *
 * @param oneTransaction whether one transaction writes both, which takes one database for both
 */
record LiveTables(Database legacy, String oldTable, Database target, String newTable, boolean oneTransaction) {}
