@NullMarked
package dev.backpop.row;

import org.jspecify.annotations.NullMarked;
