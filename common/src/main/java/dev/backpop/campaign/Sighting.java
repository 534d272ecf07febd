package dev.backpop.campaign;

import org.jspecify.annotations.Nullable;

/**
 * A discrepancy as one look saw it.
 *
 * @param legacyMark what the look saw of the legacy row: any other text at a later look says that the row has been written
 *     since
 * @param targetMark the same of the target's row
 * @param content a digest of the row without its key, of a row that is on one side only: the same row under another key
 *     has the same; null for others
 */
public record Sighting(
        Discrepancy discrepancy,
        String legacyMark,
        String targetMark,
        @Nullable String content) {
    /** The key, as a JSON array. */
    public String key() {
        return discrepancy.key();
    }

    /** The same with a cause; with the one it has when null is given. */
    public Sighting explained(@Nullable String cause) {
        return cause == null
                ? this
                : new Sighting(
                        new Discrepancy(discrepancy.key(), discrepancy.kind(), discrepancy.columns(), cause),
                        legacyMark,
                        targetMark,
                        content);
    }

    /** Whether nothing has changed since: the same difference between rows that nobody has written. */
    public boolean holdsStill(Discrepancy.Kind kindBefore, String legacyMarkBefore, String targetMarkBefore) {
        return discrepancy.kind() == kindBefore
                && legacyMark.equals(legacyMarkBefore)
                && targetMark.equals(targetMarkBefore);
    }
}
