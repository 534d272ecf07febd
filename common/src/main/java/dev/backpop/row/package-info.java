/** Keys and rows as they travel from a legacy store to a target: a row is its columns in PostgreSQL's binary format. */
@NullMarked
package dev.backpop.row;

import org.jspecify.annotations.NullMarked;
