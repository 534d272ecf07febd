/** The SPI of legacy stores: enumerate keys, fetch rows. */
@NullMarked
package dev.backpop.legacy;

import org.jspecify.annotations.NullMarked;
