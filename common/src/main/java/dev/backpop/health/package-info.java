/** How the target fares, and whether campaigns should wait for it. */
@NullMarked
package dev.backpop.health;

import org.jspecify.annotations.NullMarked;
