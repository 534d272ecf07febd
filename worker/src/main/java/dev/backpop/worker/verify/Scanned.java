package dev.backpop.worker.verify;

import dev.backpop.legacy.FailedRow;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a look at a run of keys came to.
 *
 * @param matched how many keys are equal on both sides, those of the candidates not among them
 * @param tolerated in how many of the matched rows a column differs and its rule lets it pass, by column
 * @param candidates the keys that did not match, each once: on one side only, different, twice in the legacy store, or of a
 *     row that cannot be read; of at most a bounded number
 * @param rest what is left to look at, null when nothing is
 * @param settled the keys that the legacy store excludes or said to be absent, and that the target has not
 */
record Scanned(
        long matched,
        Map<String, Long> tolerated,
        List<Key> candidates,
        @Nullable KeySelection rest,
        List<FailedRow> settled) {
    /** Of a scan that leaves every other key to a careful look. */
    Scanned(long matched, Map<String, Long> tolerated, List<Key> candidates, @Nullable KeySelection rest) {
        this(matched, tolerated, candidates, rest, List.of());
    }

    Scanned {
        settled = List.copyOf(settled);
        tolerated = Map.copyOf(tolerated);
        candidates = List.copyOf(candidates);
    }
}
