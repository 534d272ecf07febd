/** Records of JSON on their way to rows, for every store whose records are JSON: their fields, their order, their values. */
@NullMarked
package dev.backpop.legacy.record;

import org.jspecify.annotations.NullMarked;
