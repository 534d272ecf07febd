package dev.backpop.campaign;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** An immutable set of counts, zero where nothing was said. */
public final class Counters {
    public static final Counters NONE = new Counters(new EnumMap<>(Counter.class));

    private final EnumMap<Counter, Long> counts;

    private Counters(EnumMap<Counter, Long> counts) {
        this.counts = counts;
    }

    public static Counters of(Map<Counter, Long> counts) {
        EnumMap<Counter, Long> copy = new EnumMap<>(Counter.class);
        copy.putAll(counts);
        return new Counters(copy);
    }

    public long get(Counter counter) {
        return counts.getOrDefault(counter, 0L);
    }

    /** @throws ArithmeticException on overflow */
    public Counters plus(Counter counter, long amount) {
        EnumMap<Counter, Long> sum = new EnumMap<>(counts);
        sum.merge(counter, amount, Math::addExact);
        return new Counters(sum);
    }

    /** @throws ArithmeticException on overflow */
    public Counters plus(Counters other) {
        EnumMap<Counter, Long> sum = new EnumMap<>(counts);
        other.counts.forEach((counter, amount) -> sum.merge(counter, amount, Math::addExact));
        return new Counters(sum);
    }

    /** Only what was counted; unmodifiable. */
    public Map<Counter, Long> asMap() {
        return Collections.unmodifiableMap(counts);
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Counters that)) {
            return false;
        }
        for (Counter counter : Counter.values()) {
            if (get(counter) != that.get(counter)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (Counter counter : Counter.values()) {
            hash = 31 * hash + Long.hashCode(get(counter));
        }
        return hash;
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
