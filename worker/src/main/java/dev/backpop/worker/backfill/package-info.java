/** Running the chunks of a backfill. */
@NullMarked
package dev.backpop.worker.backfill;

import org.jspecify.annotations.NullMarked;
