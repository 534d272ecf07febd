/** A Reddit server as the legacy store: its ids walked, its things asked for, and what becomes of them. */
@NullMarked
package dev.backpop.legacy.reddit;

import org.jspecify.annotations.NullMarked;
