/** The worker process: its command line, its lanes, its end. */
@NullMarked
package dev.backpop.worker;

import org.jspecify.annotations.NullMarked;
