/** What every Backpop command line shares: settings, exit codes, and how failures are said. */
@NullMarked
package dev.backpop.command;

import org.jspecify.annotations.NullMarked;
