package dev.backpop.legacy.reddit.expected;

/** What should have become of a thing. */
public sealed interface Expectation {
    /**
     * A record.
     *
     * @param json an object of fields and their values
     */
    record Document(String json) implements Expectation {}

    /** Nothing: it is not to be moved. */
    record Excluded(String reason) implements Expectation {}

    /** Nobody can tell, because this account does not see what the thing holds. */
    record Hidden(String reason) implements Expectation {}

    /** Nobody can tell, because the thing is not as things are. */
    record Unreadable(String reason) implements Expectation {}
}
