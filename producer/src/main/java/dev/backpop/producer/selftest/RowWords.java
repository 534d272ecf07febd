package dev.backpop.producer.selftest;

import org.jspecify.annotations.Nullable;

/** What verification says of rows that are on one side only; null where it says nothing. */
final class RowWords {
    /** Of a missing row whose content an unexpected one has. */
    static final @Nullable String MOVED_FROM = null;
    /** Of the unexpected row that has it. */
    static final @Nullable String MOVED_TO = null;
    /** Of an unexpected row whose content another row of the target has. */
    static final @Nullable String COPY = null;

    private RowWords() {}
}
