/** The client of a Reddit server: logging in, asking within the budget, and telling what an answer is. */
@NullMarked
package dev.backpop.legacy.reddit.api;

import org.jspecify.annotations.NullMarked;
