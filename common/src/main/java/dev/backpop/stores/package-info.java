/** A plan's two stores, opened together: what the producer enumerates and a worker moves. */
@NullMarked
package dev.backpop.stores;

import org.jspecify.annotations.NullMarked;
