/** Throw-away Redis and PostgreSQL servers for the demo and the tests. */
@NullMarked
package dev.backpop.scratch;

import org.jspecify.annotations.NullMarked;
