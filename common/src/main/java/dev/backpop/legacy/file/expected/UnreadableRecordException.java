package dev.backpop.legacy.file.expected;

/** A record that cannot become a row of the target. The message names the column and the value. */
public final class UnreadableRecordException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
