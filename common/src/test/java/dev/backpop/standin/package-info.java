/** Tests of the stand-in server by a caller that knows nothing of how it is made. */
@NullMarked
package dev.backpop.standin;

import org.jspecify.annotations.NullMarked;
