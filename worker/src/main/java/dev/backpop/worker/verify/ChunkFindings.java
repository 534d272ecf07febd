package dev.backpop.worker.verify;

import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.campaign.RowReason;
import dev.backpop.campaign.RowReasons;
import dev.backpop.campaign.Sighting;
import dev.backpop.legacy.FailedRow;
import dev.backpop.row.KeyShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the first look at a chunk has found. For one thread. */
final class ChunkFindings {
    private final boolean atOnce;
    private final Map<String, Long> tolerated = new LinkedHashMap<>();
    private List<Sighting> sightings = new ArrayList<>();
    private boolean begun;
    private long read;
    private long matched;
    private long mismatched;
    private long missing;
    private long unexpected;
    private long unverifiable;
    private long excluded;
    private long absent;
    private final KeyShape shape;
    private final boolean groups;
    private final RowReasons reasons = new RowReasons();

    /**
     * @param atOnce whether what differs is confirmed at once, and not looked at again
     * @param groups whether planned keys stand for groups, so that only keys which the legacy store names have gone
     */
    ChunkFindings(boolean atOnce, KeyShape shape, boolean groups) {
        this.atOnce = atOnce;
        this.shape = shape;
        this.groups = groups;
    }

    void add(Scanned scanned) {
        matched += scanned.matched();
        read += scanned.matched();
        scanned.tolerated().forEach((column, rows) -> tolerated.merge(column, rows, Long::sum));
        for (FailedRow row : scanned.settled()) {
            boolean gone = row.kind() == FailedRow.Kind.ABSENT;
            read += gone ? 0 : 1;
            excluded += gone ? 0 : 1;
            absent += gone ? 1 : 0;
            reasons.add(
                    gone ? RowReason.Outcome.ABSENT : RowReason.Outcome.EXCLUDED,
                    row.message(),
                    shape.toJson(row.key()));
        }
    }

    /** Why keys could not be compared. */
    List<RowReason> reasons() {
        return reasons.all();
    }

    private void keepReason(RowReason.Outcome outcome, Looked looked) {
        String reason = looked.reason();
        if (reason != null) {
            reasons.add(outcome, reason, looked.key());
        }
    }

    void add(Looked looked) {
        read += looked.legacyRows();
        // Beyond the first row of a key there is nothing in the target to compare with.
        unverifiable += Math.max(0, looked.legacyRows() - 1);
        switch (looked.end()) {
            case MATCHED -> {
                matched++;
                looked.tolerated().forEach(column -> tolerated.merge(column, 1L, Long::sum));
            }
            case UNVERIFIABLE -> {
                unverifiable++;
                keepReason(RowReason.Outcome.UNVERIFIABLE, looked);
            }
            case EXCLUDED -> {
                excluded++;
                keepReason(RowReason.Outcome.EXCLUDED, looked);
                if (looked.sighting() != null) {
                    add(looked.sighting());
                }
            }
            case DIFFERENT -> add(looked.sighting());
            // Such keys were planned and are gone: what was planned and not read.
            case ABSENT -> {}
        }
    }

    private void add(@Nullable Sighting sighting) {
        if (sighting == null) {
            throw new IllegalStateException("a difference that nobody saw");
        }
        sightings.add(sighting);
        switch (sighting.discrepancy().kind()) {
            case MISSING -> missing++;
            case MISMATCHED -> mismatched++;
            case UNEXPECTED -> unexpected++;
        }
    }

    /** True the first time: then nothing of this run has been kept yet, and what has been is an earlier run's. */
    boolean begin() {
        boolean first = !begun;
        begun = true;
        return first;
    }

    /** How many sightings there are that nobody has taken yet. */
    int size() {
        return sightings.size();
    }

    /** The sightings that nobody has taken yet; they are taken then. */
    List<Sighting> takeSightings() {
        List<Sighting> taken = sightings;
        sightings = new ArrayList<>();
        return taken;
    }

    Map<String, Long> tolerated() {
        return tolerated;
    }

    /** @param planned the keys that planning saw; those of them that were not read are gone */
    Counters counters(long planned) {
        Counters counters = Counters.NONE
                .plus(Counter.ROWS_READ, read)
                .plus(Counter.ROWS_MATCHED, matched)
                .plus(Counter.ROWS_UNVERIFIABLE, unverifiable)
                .plus(Counter.ROWS_EXCLUDED, excluded)
                .plus(Counter.ROWS_ABSENT, groups ? absent : Math.max(0, planned - read));
        if (!atOnce) {
            return counters.plus(Counter.ROWS_PENDING, mismatched + missing);
        }
        return counters.plus(Counter.ROWS_MISMATCHED, mismatched)
                .plus(Counter.ROWS_MISSING, missing)
                .plus(Counter.ROWS_UNEXPECTED, unexpected);
    }
}
