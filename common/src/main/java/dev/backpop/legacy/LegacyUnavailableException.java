package dev.backpop.legacy;

/** The legacy store cannot be reached or does not answer: hold and try again, burn no attempt. */
public class LegacyUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message which store and why; never holds a secret */
    public LegacyUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    /** As the other, where nothing but the answer itself is the cause. */
    public LegacyUnavailableException(String message) {
        super(message);
    }
}
