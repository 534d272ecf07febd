/** Comparing the rows of both sides by the plan's rules, and naming how a value that differs came of the other. */
@NullMarked
package dev.backpop.compare;

import org.jspecify.annotations.NullMarked;
