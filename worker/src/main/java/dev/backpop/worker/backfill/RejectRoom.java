package dev.backpop.worker.backfill;

import dev.backpop.worker.ChunkTooLargeException;

/**
 * Room for a chunk's refused rows and their source documents, which are held until it commits. For one thread.
 *
 * <p>Bounded well below what would exhaust the heap, because when that happens it strikes any thread of the process, and
 * not the one that took too much.
 */
final class RejectRoom {
    private final long most;
    private long rows;
    private long rowBytes;
    private long documents;
    private long documentBytes;

    /** @param most bytes of rows, and bytes of documents; a single one may be larger */
    RejectRoom(long most) {
        this.most = most;
    }

    /** A share of the heap that leaves room for other lanes, and for the copies that are made on the way into the ledger. */
    static RejectRoom ofThisProcess() {
        return new RejectRoom(Runtime.getRuntime().maxMemory() / 64);
    }

    /** @throws ChunkTooLargeException when it does not fit beside the others */
    void row(long bytes) {
        rows++;
        rowBytes += bytes;
        check(rows, rowBytes, "refused rows");
    }

    /** @throws ChunkTooLargeException when it does not fit beside the others */
    void document(long bytes) {
        documents++;
        documentBytes += bytes;
        check(documents, documentBytes, "source documents of refused rows");
    }

    /** How many more documents are likely to be small enough to be asked for at once, from 1 to that many. */
    int documentsAtOnce(int most) {
        if (documents == 0) {
            return Math.min(most, 8);
        }
        long average = Math.max(1, documentBytes / documents);
        return (int) Math.max(1, Math.min(most, this.most / 4 / average));
    }

    private void check(long count, long bytes, String what) {
        if (count > 1 && bytes > most) {
            throw new ChunkTooLargeException(count + " " + what + " take more than " + most
                    + " bytes, which is what this worker's heap has room for in one chunk");
        }
    }
}
