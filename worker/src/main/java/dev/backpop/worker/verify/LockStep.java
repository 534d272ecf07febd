package dev.backpop.worker.verify;

import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Two streams of rows in key order, read in lock step: rows with the same bytes match, and nothing of them is looked at. Holds
 * a row of each side and the candidates. For one thread and one selection.
 */
final class LockStep {
    /** As many candidates as a look hands on: the keys of the largest chunk, so that few chunks are read twice. */
    static final int MOST_CANDIDATES = 10_000;

    private final TupleReader reader;
    private final Sameness sameness;
    private final int mostCandidates;
    private final Set<Key> candidates = new LinkedHashSet<>();
    private final Map<String, Long> tolerated = new HashMap<>();
    private long matched;
    private byte @Nullable [] lastMatched;
    private List<String> lastTolerated = List.of();
    private byte @Nullable [] lastCandidate;

    LockStep(TupleReader reader, Sameness sameness, int mostCandidates) {
        this.reader = reader;
        this.sameness = sameness;
        this.mostCandidates = mostCandidates;
    }

    Scanned run(Tuples legacy, Tuples target, KeySelection selection) throws SQLException {
        byte[] left = legacy.next();
        byte[] right = target.next();
        while (left != null || right != null) {
            if (candidates.size() >= mostCandidates && isBeyond(left) && isBeyond(right)) {
                return scanned(rest(selection));
            }
            if (left != null && right != null && Arrays.equals(left, right)) {
                match(left, List.of());
                left = legacy.next();
                right = target.next();
                continue;
            }
            int order = left == null ? 1 : right == null ? -1 : reader.compare(left, right);
            if (left != null && right != null && order == 0) {
                compare(left, right);
            } else {
                candidate(order < 0 ? left : right);
            }
            left = order <= 0 ? legacy.next() : left;
            right = order >= 0 ? target.next() : right;
        }
        return scanned(null);
    }

    private void compare(byte[] left, byte[] right) {
        List<String> columns = sameness.tolerated(left, right);
        if (columns == null) {
            candidate(left);
        } else {
            match(left, columns);
        }
    }

    private void match(byte[] tuple, List<String> columns) {
        matched++;
        columns.forEach(column -> tolerated.merge(column, 1L, Long::sum));
        lastMatched = tuple;
        lastTolerated = columns;
    }

    private void candidate(byte @Nullable [] tuple) {
        if (tuple == null) {
            return;
        }
        byte[] before = lastMatched;
        if (before != null && reader.compare(before, tuple) == 0) {
            // One more row of a key whose first one matched: the key did not.
            matched--;
            lastTolerated.forEach(column -> tolerated.merge(column, -1L, Long::sum));
            lastMatched = null;
        }
        candidates.add(reader.key(tuple));
        lastCandidate = tuple;
    }

    /** Whether a row is of another key than the last candidate, so that a look may end before it. */
    private boolean isBeyond(byte @Nullable [] tuple) {
        byte[] last = lastCandidate;
        return tuple == null || last == null || reader.compare(tuple, last) != 0;
    }

    private @Nullable KeySelection rest(KeySelection selection) {
        byte[] last = lastCandidate;
        return last == null ? null : selection.after(reader.key(last), reader.keyShape());
    }

    private Scanned scanned(@Nullable KeySelection rest) {
        tolerated.values().removeIf(rows -> rows == 0);
        return new Scanned(matched, tolerated, new ArrayList<>(candidates), rest);
    }

    /** What rows of one key are to each other whose bytes differ. */
    interface Sameness {
        /** The columns that differ and may; null when the rows do not match. */
        @Nullable
        List<String> tolerated(byte[] legacy, byte[] target);
    }
}
