package dev.backpop.worker.verify;

import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.campaign.Discrepancy;
import dev.backpop.row.Key;
import dev.backpop.row.KeyShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What comparing a chunk has found. For one thread. */
final class ChunkFindings {
    private final KeyShape shape;
    private final List<String> missing = new ArrayList<>();
    private final List<Discrepancy> others = new ArrayList<>();
    private long matched;
    private long mismatched;
    private long unexpected;
    private long unverifiable;
    private long repeats;

    ChunkFindings(KeyShape shape) {
        this.shape = shape;
    }

    void missing(Key key) {
        missing.add(shape.toJson(key));
    }

    void compared(Key key, List<Discrepancy.Difference> differences) {
        if (differences.isEmpty()) {
            matched++;
            return;
        }
        mismatched++;
        others.add(new Discrepancy(shape.toJson(key), Discrepancy.Kind.MISMATCHED, differences, null));
    }

    void unexpected(Key key) {
        unexpected++;
        others.add(new Discrepancy(shape.toJson(key), Discrepancy.Kind.UNEXPECTED, List.of(), null));
    }

    /** The legacy row is there, but what it should have become cannot be told. */
    void unverifiable() {
        unverifiable++;
    }

    /** One more legacy row of a key that was compared already. */
    void repeated() {
        repeats++;
        unverifiable++;
    }

    long repeats() {
        return repeats;
    }

    /**
     * The chunk's counters.
     *
     * @param read legacy rows found
     * @param planned the keys that planning saw
     */
    Counters counters(long read, long planned) {
        return Counters.NONE
                .plus(Counter.ROWS_READ, read)
                .plus(Counter.ROWS_MATCHED, matched)
                .plus(Counter.ROWS_MISMATCHED, mismatched)
                .plus(Counter.ROWS_MISSING, missing.size())
                .plus(Counter.ROWS_UNEXPECTED, unexpected)
                .plus(Counter.ROWS_UNVERIFIABLE, unverifiable)
                .plus(Counter.ROWS_ABSENT, Math.max(0, planned - read));
    }

    /** @param reasons why the missing keys were rejected, by key, where they were */
    List<Discrepancy> discrepancies(Function<List<String>, Map<String, String>> reasons) {
        List<Discrepancy> all = new ArrayList<>(others);
        Map<String, String> causes = missing.isEmpty() ? Map.of() : reasons.apply(missing);
        for (String key : missing) {
            String reason = causes.get(key);
            String cause = reason == null ? null : "rejected by the backfill: " + reason;
            all.add(new Discrepancy(key, Discrepancy.Kind.MISSING, List.of(), cause));
        }
        return all;
    }
}
