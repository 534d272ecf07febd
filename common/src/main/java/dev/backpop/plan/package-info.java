/** The plan file: what is moved, from where, to where, and by which rules. */
@NullMarked
package dev.backpop.plan;

import org.jspecify.annotations.NullMarked;
