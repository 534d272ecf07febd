package dev.backpop.target;

import dev.backpop.plan.Guard;
import org.jspecify.annotations.Nullable;

/** Which touches by others keep a row from being written. */
enum TouchRule {
    /** Those not visible in the fence; deletes, however long ago. */
    FENCE,
    /** Deletes alone, however long ago: what is newer among the others the version tells. */
    TOMBSTONES,
    /** Those not visible in the fence, of whatever kind: what was settled before it may be what is to be mended. */
    REPAIR;

    /** Null for a guard that needs no touches. */
    static @Nullable TouchRule of(Guard guard) {
        if (!guard.recordsTouches()) {
            return null;
        }
        return guard instanceof Guard.Fence ? FENCE : TOMBSTONES;
    }

    /**
     * SQL that is true when a touch keeps its row from being written.
     *
     * @param xid the touch's transaction
     * @param deleted whether it deleted the row
     * @param fence the snapshot
     */
    String blocks(String xid, String deleted, String fence) {
        String unseen = "NOT pg_visible_in_snapshot(" + xid + ", " + fence + ")";
        return switch (this) {
            case FENCE -> deleted + " OR " + unseen;
            case TOMBSTONES -> deleted;
            case REPAIR -> unseen;
        };
    }
}
