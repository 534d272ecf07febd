package dev.backpop.worker.verify;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** One side's rows as binary COPY sends them, in key order. */
interface Tuples {
    /** The next row; null after the last one. */
    byte @Nullable [] next() throws SQLException;
}
