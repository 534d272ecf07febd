/** Running the chunks of a verification. */
@NullMarked
package dev.backpop.worker.verify;

import org.jspecify.annotations.NullMarked;
