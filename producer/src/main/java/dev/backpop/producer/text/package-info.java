/** Text, quantities and stored JSON as people read them, on a terminal or on a page. */
@NullMarked
package dev.backpop.producer.text;

import org.jspecify.annotations.NullMarked;
