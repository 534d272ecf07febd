package dev.backpop.worker;

/** Another run of the same chunk has committed; this one has nothing to do. */
public final class ChunkTakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ChunkTakenException() {
        super("the chunk is not planned any more", null, false, false);
    }
}
