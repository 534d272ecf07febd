/** What can be wrong, said so that a person can put it right. */
@NullMarked
package dev.backpop.problem;

import org.jspecify.annotations.NullMarked;
