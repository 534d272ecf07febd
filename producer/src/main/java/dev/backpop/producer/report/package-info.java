/** What a campaign came to, for whoever must decide: the report, and the sign-off that rests on it. */
@NullMarked
package dev.backpop.producer.report;

import org.jspecify.annotations.NullMarked;
