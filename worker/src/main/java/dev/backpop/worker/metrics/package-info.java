/** What a worker counts and measures. */
@NullMarked
package dev.backpop.worker.metrics;

import org.jspecify.annotations.NullMarked;
