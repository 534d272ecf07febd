package dev.backpop.worker.verify;

import java.sql.SQLException;

/** An expression of the mapping fails on some row of the legacy store, which a stream cannot step over. */
final class UnreadableRowException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableRowException(SQLException cause) {
        super(cause);
    }
}
