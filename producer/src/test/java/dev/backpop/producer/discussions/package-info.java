/** What the plans for Open Discussions rest on: its tables and its trees of comments, on a real PostgreSQL. */
@NullMarked
package dev.backpop.producer.discussions;

import org.jspecify.annotations.NullMarked;
