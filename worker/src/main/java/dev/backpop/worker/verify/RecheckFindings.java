package dev.backpop.worker.verify;

import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.campaign.Discrepancy;
import dev.backpop.campaign.Sighting;
import dev.backpop.ledger.DiscrepancyState;
import dev.backpop.ledger.PendingDiscrepancy;
import dev.backpop.ledger.Relook;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What another look at pending keys has found: moves from one count to another, which add up to nothing, but for keys that
 * nobody had enumerated and that the legacy store has by now. For one thread.
 */
final class RecheckFindings {
    private final List<Relook> looks = new ArrayList<>();
    private final Map<String, Long> tolerated = new LinkedHashMap<>();
    private Counters counters = Counters.NONE;
    private long foundAnew;

    void add(PendingDiscrepancy before, Looked now) {
        // One that was unexpected because it is excluded has been counted as that.
        boolean inLegacy = now.legacyRows() > 0 && now.end() != Looked.End.EXCLUDED;
        if (before.enumerated()) {
            count(Counter.ROWS_PENDING, -1);
        } else if (inLegacy) {
            foundAnew++;
            count(Counter.ROWS_READ, 1);
        }
        switch (now.end()) {
            case MATCHED -> {
                count(Counter.ROWS_MATCHED, 1);
                now.tolerated().forEach(column -> tolerated.merge(column, 1L, Long::sum));
                resolve(before, inLegacy);
            }
            case UNVERIFIABLE -> {
                count(Counter.ROWS_UNVERIFIABLE, 1);
                resolve(before, inLegacy);
            }
            case EXCLUDED -> excluded(before, now.sighting());
            case ABSENT -> {
                absent(before);
                resolve(before, before.enumerated());
            }
            case DIFFERENT -> different(before, now);
        }
    }

    private void different(PendingDiscrepancy before, Looked now) {
        Sighting sighting = now.sighting();
        if (sighting == null) {
            throw new IllegalStateException("a difference that nobody saw");
        }
        Discrepancy.Kind kind = sighting.discrepancy().kind();
        boolean held = sighting.holdsStill(before.kind(), before.legacyMark(), before.targetMark());
        boolean enumerated = kind != Discrepancy.Kind.UNEXPECTED;
        if (!enumerated) {
            absent(before);
        }
        if (held) {
            count(
                    switch (kind) {
                        case MISSING -> Counter.ROWS_MISSING;
                        case MISMATCHED -> Counter.ROWS_MISMATCHED;
                        case UNEXPECTED -> Counter.ROWS_UNEXPECTED;
                    },
                    1);
        } else if (enumerated) {
            count(Counter.ROWS_PENDING, 1);
        }
        looks.add(new Relook(
                before.key(), held ? DiscrepancyState.CONFIRMED : DiscrepancyState.PENDING, enumerated, sighting));
    }

    /** @param sighting its row in the target; null where there is none */
    private void excluded(PendingDiscrepancy before, @Nullable Sighting sighting) {
        if (before.enumerated()) {
            count(Counter.ROWS_EXCLUDED, 1);
        }
        if (sighting == null) {
            resolve(before, before.enumerated());
            return;
        }
        boolean held = sighting.holdsStill(before.kind(), before.legacyMark(), before.targetMark());
        count(Counter.ROWS_UNEXPECTED, held ? 1 : 0);
        looks.add(new Relook(
                before.key(), held ? DiscrepancyState.CONFIRMED : DiscrepancyState.PENDING, false, sighting));
    }

    private void resolve(PendingDiscrepancy before, boolean enumerated) {
        looks.add(new Relook(before.key(), DiscrepancyState.RESOLVED, enumerated, null));
    }

    /** The legacy store has lost a key that was enumerated. */
    private void absent(PendingDiscrepancy before) {
        if (before.enumerated()) {
            count(Counter.ROWS_ABSENT, 1);
        }
    }

    private void count(Counter counter, long rows) {
        counters = counters.plus(counter, rows);
    }

    List<Relook> looks() {
        return looks;
    }

    Map<String, Long> tolerated() {
        return tolerated;
    }

    Counters counters() {
        return counters;
    }

    /** Keys that the campaign enumerates from now on. */
    long foundAnew() {
        return foundAnew;
    }
}
