package dev.backpop.worker.verify;

import dev.backpop.row.KeySelection;
import java.sql.SQLException;

/**
 * The first, fast look at a run of keys on both sides, sure of what it calls equal. Thread-safe.
 *
 * <p>It never decides what a key is that did not match: the careful look does.
 */
interface Scan {
    /**
     * Looks at the first keys of a selection, as many as one look may hold.
     *
     * @throws dev.backpop.legacy.LegacyUnavailableException when the legacy store does not serve
     * @throws SQLException when the target does not
     */
    Scanned run(KeySelection selection) throws SQLException;
}
