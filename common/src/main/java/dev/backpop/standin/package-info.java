/**
 * A Reddit server that stands in for the real one in tests and in the demo: it speaks the same API over things that are
 * generated or recorded, keeps the real one's limits and oddities, and misbehaves when it is told to.
 */
@NullMarked
package dev.backpop.standin;

import org.jspecify.annotations.NullMarked;
