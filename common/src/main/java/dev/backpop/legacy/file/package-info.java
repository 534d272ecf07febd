/** NDJSON and CSV files as the legacy store. */
@NullMarked
package dev.backpop.legacy.file;

import org.jspecify.annotations.NullMarked;
