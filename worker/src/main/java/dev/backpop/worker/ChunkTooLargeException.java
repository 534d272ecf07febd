package dev.backpop.worker;

/** A chunk would hold more in memory than a worker has for one; nothing was kept. Half of its keys may do. */
public final class ChunkTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what would not fit, and what to do for a single key */
    public ChunkTooLargeException(String message) {
        super(message);
    }
}
