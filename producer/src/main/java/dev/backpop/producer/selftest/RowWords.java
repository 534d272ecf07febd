package dev.backpop.producer.selftest;

/** What verification says of rows that are on one side only. */
final class RowWords {
    /** Of a missing row whose content an unexpected one has. */
    static final String MOVED_FROM = "its row stands under another key";
    /** Of the unexpected row that has it. */
    static final String MOVED_TO = "the row of another key";
    /** Of an unexpected row whose content another row of the target has. */
    static final String COPY = "a copy of another row";

    private RowWords() {}
}
