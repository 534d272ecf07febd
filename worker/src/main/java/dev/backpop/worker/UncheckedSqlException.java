package dev.backpop.worker;

import java.sql.SQLException;

/** Carries a failure of the target out of a callback of the legacy store. */
public final class UncheckedSqlException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient SQLException failure;

    public UncheckedSqlException(SQLException failure) {
        super(failure);
        this.failure = failure;
    }

    public SQLException failure() {
        return failure;
    }
}
