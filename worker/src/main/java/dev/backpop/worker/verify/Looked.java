package dev.backpop.worker.verify;

import dev.backpop.campaign.Sighting;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a careful look saw of one key.
 *
 * @param key as a JSON array
 * @param legacyRows how many rows of it the legacy store has, those that cannot be read among them
 * @param sighting the difference; there is one exactly where the end is different
 * @param tolerated the columns in which the rows differ and whose rule lets it pass
 */
record Looked(
        String key, End end, long legacyRows, @Nullable Sighting sighting, List<String> tolerated) {
    /** What it comes to. */
    enum End {
        MATCHED,
        /** On neither side. */
        ABSENT,
        /** The legacy row is there, but what it should have become cannot be told. */
        UNVERIFIABLE,
        DIFFERENT
    }

    Looked {
        tolerated = List.copyOf(tolerated);
    }

    /** The same with a cause of its difference; itself when null is given. */
    Looked explained(@Nullable String cause) {
        Sighting seen = sighting;
        return seen == null ? this : new Looked(key, end, legacyRows, seen.explained(cause), tolerated);
    }
}
