/** Campaigns, their kinds and states, chunks and counters. */
@NullMarked
package dev.backpop.campaign;

import org.jspecify.annotations.NullMarked;
