package dev.backpop.producer.demo;

import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.campaign.Reject.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a backfill and then a verification of one of the demo's entities must count. Computed from what the generator was
 * asked for, never from what was moved.
 *
 * <p>{@link Counter#ROWS_READ} is left out: how many rows were read depends on how often a chunk was run.
 *
 * @param enumerated how many keys the legacy store has
 * @param unchanged rows that the target has beforehand, equal
 * @param guarded rows that the target has beforehand, different, and that guard {@code insert-only} leaves alone
 * @param rejects how many rows of each kind are refused, in the order of {@link DemoReject}
 */
public record DemoExpectation(
        String entity, long enumerated, long unchanged, long guarded, Map<DemoReject, Long> rejects) {
    public DemoExpectation {
        rejects = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(rejects));
    }

    /** Of each entity, parents before children. */
    public static List<DemoExpectation> of(DemoSize size) {
        return DemoPlan.ENTITIES.stream().map(entity -> of(entity, size)).toList();
    }

    /** @throws IllegalArgumentException when the demo has no such entity */
    public static DemoExpectation of(String entity, DemoSize size) {
        Map<DemoReject, Long> rejects = new LinkedHashMap<>();
        for (DemoReject reject : DemoReject.of(entity)) {
            rejects.put(reject, (long) reject.count());
        }
        long planted = entity.equals("post") ? 1 : 0;
        return new DemoExpectation(entity, size.rows(entity), DemoSize.alreadyThere(entity), planted, rejects);
    }

    /** How many rows the target refuses, those included whose parents it has refused. */
    public long rejected() {
        return rejects.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many rows the backfill writes: all that it enumerates but the unchanged, guarded and rejected. */
    public long written() {
        return enumerated - unchanged - guarded - rejected();
    }

    /** How many rows cannot be verified, because the legacy database itself refuses to map them. */
    public long unverifiable() {
        return rejects.entrySet().stream()
                .filter(entry -> entry.getKey().stage() == Stage.FETCH)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** How many rows the verification finds missing: the rejected that the legacy database can map. */
    public long missing() {
        return rejected() - unverifiable();
    }

    /** How many rows the target has in the end. */
    public long inTarget() {
        return written() + unchanged + guarded;
    }

    /** How many rejects of each SQLSTATE the backfill keeps. */
    public Map<String, Long> rejectsBySqlState() {
        Map<String, Long> counts = new LinkedHashMap<>();
        rejects.forEach((reject, count) -> counts.merge(reject.sqlState(), count, Long::sum));
        return counts;
    }

    /** What the backfill must count; what is not in it must be zero. */
    public Counters backfill() {
        return Counters.NONE
                .plus(Counter.ROWS_WRITTEN, written())
                .plus(Counter.ROWS_UNCHANGED, unchanged)
                .plus(Counter.ROWS_GUARDED, guarded)
                .plus(Counter.ROWS_REJECTED, rejected());
    }

    /** What the verification must count; what is not in it must be zero. */
    public Counters verify() {
        return Counters.NONE
                .plus(Counter.ROWS_MATCHED, written() + unchanged)
                .plus(Counter.ROWS_MISMATCHED, guarded)
                .plus(Counter.ROWS_MISSING, missing())
                .plus(Counter.ROWS_UNVERIFIABLE, unverifiable());
    }

    /** Says what a finished backfill counted otherwise than expected; empty when nothing. */
    public List<String> backfillDifferences(long actuallyEnumerated, Counters actual) {
        return differences("backfill", actuallyEnumerated, backfill(), actual);
    }

    /** Says what a finished verification counted otherwise than expected; empty when nothing. */
    public List<String> verifyDifferences(long actuallyEnumerated, Counters actual) {
        return differences("verify", actuallyEnumerated, verify(), actual);
    }

    private List<String> differences(String kind, long actuallyEnumerated, Counters expected, Counters actual) {
        List<String> differences = new ArrayList<>();
        if (actuallyEnumerated != enumerated) {
            differences.add(difference(kind, "enumerated", enumerated, actuallyEnumerated));
        }
        for (Counter counter : Counter.values()) {
            if (counter != Counter.ROWS_READ && expected.get(counter) != actual.get(counter)) {
                differences.add(difference(kind, counter.word(), expected.get(counter), actual.get(counter)));
            }
        }
        return differences;
    }

    private String difference(String kind, String word, long expected, long actual) {
        return kind + " of " + entity + ": " + word + " should be " + expected + " and is " + actual;
    }
}
