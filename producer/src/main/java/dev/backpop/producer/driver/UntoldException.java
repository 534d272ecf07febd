package dev.backpop.producer.driver;

/** Something cannot be found out, and will not be by asking again: the message says why, and what would help. */
final class UntoldException extends Exception {
    private static final long serialVersionUID = 1;

    UntoldException(String reason, Exception cause) {
        super(reason, cause);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
