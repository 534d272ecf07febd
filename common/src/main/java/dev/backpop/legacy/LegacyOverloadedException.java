package dev.backpop.legacy;

/**
 * The legacy store gave a question up because it took too long or too much memory. Asked for fewer keys it may answer;
 * whoever cannot ask for fewer holds, as for a store that is down.
 */
public final class LegacyOverloadedException extends LegacyUnavailableException {
    private static final long serialVersionUID = 1L;

    /** @param message which store and why; never holds a secret */
    public LegacyOverloadedException(String message, Throwable cause) {
        super(message, cause);
    }

    /** As the other, where nothing but the answer itself is the cause. */
    public LegacyOverloadedException(String message) {
        super(message);
    }
}
