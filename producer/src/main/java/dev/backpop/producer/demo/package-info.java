/** The demo: a legacy store as ugly as real ones, new tables that refuse some of it, and what must come of moving it. */
@NullMarked
package dev.backpop.producer.demo;

import org.jspecify.annotations.NullMarked;
