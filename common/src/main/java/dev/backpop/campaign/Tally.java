package dev.backpop.campaign;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Whether every key is accounted for: a campaign's keys against what became of them.
 *
 * @param enumerated keys of the chunks that are done
 * @param counters sums over the chunks that are done
 * @param keysNotDone keys of the chunks that are planned or failed: named, not part of the sum
 */
public record Tally(CampaignKind kind, long enumerated, Counters counters, long keysNotDone) {
    private static final List<Counter> WRITING = List.of(
            Counter.ROWS_WRITTEN,
            Counter.ROWS_UNCHANGED,
            Counter.ROWS_GUARDED,
            Counter.ROWS_REJECTED,
            Counter.ROWS_ABSENT,
            Counter.ROWS_EXCLUDED,
            Counter.ROWS_DEFERRED);
    private static final List<Counter> COMPARING = List.of(
            Counter.ROWS_MATCHED,
            Counter.ROWS_MISMATCHED,
            Counter.ROWS_MISSING,
            Counter.ROWS_ABSENT,
            Counter.ROWS_EXCLUDED,
            Counter.ROWS_UNVERIFIABLE,
            Counter.ROWS_PENDING);

    /** The counters whose sum a kind's enumerated keys must be, in the order in which reports name them. */
    public static List<Counter> terms(CampaignKind kind) {
        return kind == CampaignKind.VERIFY ? COMPARING : WRITING;
    }

    /**
     * The keys whose end is known.
     *
     * @throws ArithmeticException on overflow
     */
    public long accountedFor() {
        return terms(kind).stream().mapToLong(counters::get).reduce(0, Math::addExact);
    }

    public boolean addsUp() {
        return enumerated == accountedFor();
    }

    /** The sum as a person reads it: {@code 10 enumerated = 7 written + …}, and what is left over when it does not add up. */
    public String explain() {
        StringBuilder text = new StringBuilder();
        text.append(enumerated).append(" enumerated ").append(addsUp() ? "= " : "≠ ");
        text.append(terms(kind).stream()
                // Said only where there are any: it is no end, and most campaigns know nothing of it.
                .filter(counter -> counter != Counter.ROWS_DEFERRED || counters.get(counter) != 0)
                .map(counter -> counters.get(counter) + " " + counter.word())
                .collect(Collectors.joining(" + ")));
        if (!addsUp()) {
            long difference = enumerated - accountedFor();
            text.append(String.format(
                    Locale.ROOT,
                    "; %d %s",
                    Math.abs(difference),
                    difference > 0 ? "keys are not accounted for" : "more accounted for than enumerated"));
        }
        if (keysNotDone > 0) {
            text.append("; ").append(keysNotDone).append(" keys in chunks that are not done");
        }
        return text.toString();
    }
}
