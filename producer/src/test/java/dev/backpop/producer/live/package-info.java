/** Campaigns beside an application that goes on writing to both stores. */
@NullMarked
package dev.backpop.producer.live;

import org.jspecify.annotations.NullMarked;
