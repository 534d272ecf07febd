/** What Backpop needs to speak to any PostgreSQL: addresses, pools, names, key conditions, failures, binary COPY. */
@NullMarked
package dev.backpop.postgres;

import org.jspecify.annotations.NullMarked;
