/** Tests of dispatch against a real Redis. */
@NullMarked
package dev.backpop.queue;

import org.jspecify.annotations.NullMarked;
