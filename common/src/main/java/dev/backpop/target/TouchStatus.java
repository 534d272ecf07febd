package dev.backpop.target;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether an entity's touches are recorded, and what was.
 *
 * @param table the table of touches, with its schema
 * @param touched keys that others have written and that are there, as far as they know
 * @param deleted keys that others have deleted
 * @param installedAt since when touches are recorded without a gap; null when they are not
 * @param truncatedAt when somebody last emptied the target; every key not written since counts as deleted; null for never
 */
public record TouchStatus(
        State state,
        String table,
        long touched,
        long deleted,
        @Nullable Instant installedAt,
        @Nullable Instant truncatedAt) {
    /** How much of it is there. */
    public enum State {
        /** Nothing is there. */
        ABSENT,
        /** Touches are missed: a trigger is disabled or missing, or the tables are those of another target or key. */
        INCOMPLETE,
        /** Every touch is recorded. */
        INSTALLED
    }
}
