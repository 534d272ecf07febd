/** What a worker tells those who watch it over HTTP. */
@NullMarked
package dev.backpop.worker.health;

import org.jspecify.annotations.NullMarked;
