@NullMarked
package dev.backpop.legacy.file;

import org.jspecify.annotations.NullMarked;
