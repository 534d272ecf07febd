/** Log lines: masked, and louder on request. */
@NullMarked
package dev.backpop.logging;

import org.jspecify.annotations.NullMarked;
