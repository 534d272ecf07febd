/** The truth: campaigns, chunks, rejects and discrepancies in the target database. */
@NullMarked
package dev.backpop.ledger;

import org.jspecify.annotations.NullMarked;
