package dev.backpop.worker.verify;

import dev.backpop.campaign.Sighting;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a careful look saw of one key.
 *
 * @param key as a JSON array
 * @param legacyRows how many rows of it the legacy store has, those that cannot be read among them
 * @param sighting the difference; there is one where the end is different, and may be where it is excluded
 * @param tolerated the columns in which the rows differ and whose rule lets it pass
 * @param reason why there is nothing to compare; null where there is
 */
record Looked(
        String key,
        End end,
        long legacyRows,
        @Nullable Sighting sighting,
        List<String> tolerated,
        @Nullable String reason) {
    /** Of rows that were compared, or of which there are none. */
    Looked(String key, End end, long legacyRows, @Nullable Sighting sighting, List<String> tolerated) {
        this(key, end, legacyRows, sighting, tolerated, null);
    }

    /** What it comes to. */
    enum End {
        MATCHED,
        /** On neither side. */
        ABSENT,
        /** The legacy row is there, but what it should have become cannot be told. */
        UNVERIFIABLE,
        /** The legacy row is there and not to be moved; a row of it in the target is a difference. */
        EXCLUDED,
        DIFFERENT
    }

    Looked {
        tolerated = List.copyOf(tolerated);
    }

    /** The same with a cause of its difference; itself when null is given. */
    Looked explained(@Nullable String cause) {
        Sighting seen = sighting;
        return seen == null ? this : new Looked(key, end, legacyRows, seen.explained(cause), tolerated, reason);
    }
}
