/**
 * What Reddit's things should have become, read by rules that share no code with those that write them: for verification.
 */
@NullMarked
package dev.backpop.legacy.reddit.expected;

import org.jspecify.annotations.NullMarked;
