/** Dispatch over Redis: tasks, leases, progress, control and heartbeats. */
@NullMarked
package dev.backpop.queue;

import org.jspecify.annotations.NullMarked;
