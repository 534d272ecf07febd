/** What the environment and the command line say about where the stores are. */
@NullMarked
package dev.backpop.settings;

import org.jspecify.annotations.NullMarked;
