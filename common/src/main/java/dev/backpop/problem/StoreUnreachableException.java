package dev.backpop.problem;

/** A store (Redis, the target, a legacy store) cannot be used right now. Ends a command with exit code 3. */
public final class StoreUnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message which store, at which address, why, and what to do; never holds a secret */
    public StoreUnreachableException(String message, Throwable cause) {
        super(message, cause);
    }

    public StoreUnreachableException(String message) {
        super(message);
    }
}
