/** Driving campaigns: planning chunks as the window drains, keeping Redis true to the ledger, noticing the end. */
@NullMarked
package dev.backpop.producer.driver;

import org.jspecify.annotations.NullMarked;
