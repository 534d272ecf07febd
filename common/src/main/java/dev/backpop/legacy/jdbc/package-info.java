/** A PostgreSQL database as the legacy store. */
@NullMarked
package dev.backpop.legacy.jdbc;

import org.jspecify.annotations.NullMarked;
