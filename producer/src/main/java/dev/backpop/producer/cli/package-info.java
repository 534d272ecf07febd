/** The command line, one class a command. */
@NullMarked
package dev.backpop.producer.cli;

import org.jspecify.annotations.NullMarked;
