/** The new PostgreSQL tables: their shape, and writing to them under a guard. */
@NullMarked
package dev.backpop.target;

import org.jspecify.annotations.NullMarked;
