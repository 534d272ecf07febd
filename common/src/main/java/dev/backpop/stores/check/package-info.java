/** Whether a plan fits its two stores: everything that a campaign would stumble over, said before one is started. */
@NullMarked
package dev.backpop.stores.check;

import org.jspecify.annotations.NullMarked;
