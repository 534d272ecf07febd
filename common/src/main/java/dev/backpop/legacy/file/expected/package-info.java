/**
 * The second reading of a file's mapping: the rows that records should have become. Verification reads by it alone, so it
 * shares no mapping code with what writes rows: it finds fields, converts values and encodes them by itself.
 */
@NullMarked
package dev.backpop.legacy.file.expected;

import org.jspecify.annotations.NullMarked;
