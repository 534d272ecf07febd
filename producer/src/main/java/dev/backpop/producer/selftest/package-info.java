/** Plants faults into copies of rows and holds the real verification to finding and naming every one of them. */
@NullMarked
package dev.backpop.producer.selftest;

import org.jspecify.annotations.NullMarked;
