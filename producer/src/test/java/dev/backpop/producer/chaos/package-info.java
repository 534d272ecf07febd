/** Attacks on the real thing: real processes, real Redis, real PostgreSQL; run by {@code mvn verify -Pchaos}. */
@NullMarked
package dev.backpop.producer.chaos;

import org.jspecify.annotations.NullMarked;
