package dev.backpop.plan;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Beyond what campaigns hold for the target's sake. Immutable. What is not given has its default; what is empty is
 * switched off.
 */
public final class HoldThresholds {
    /** Those of a plan that says nothing. */
    public static final HoldThresholds DEFAULTS = new HoldThresholds(Map.of(
            HoldThreshold.REPLICA_LAG, "5s",
            HoldThreshold.WRAPAROUND_AUTOVACUUM, "true",
            HoldThreshold.UNARCHIVED_WAL, "42",
            HoldThreshold.ACTIVE_BACKENDS, "0.8",
            HoldThreshold.LOCK_WAITS, "10",
            HoldThreshold.QUERY, HoldThreshold.OFF));

    private final Map<HoldThreshold, String> texts;

    private HoldThresholds(Map<HoldThreshold, String> texts) {
        this.texts = Collections.unmodifiableMap(new EnumMap<>(texts));
    }

    /**
     * The same with one of them changed.
     *
     * @param text its value as plans write it; {@link HoldThreshold#OFF} switches it off
     * @throws IllegalArgumentException saying what was expected
     */
    public HoldThresholds with(HoldThreshold threshold, String text) {
        String problem = threshold.problem(text);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        Map<HoldThreshold, String> changed = new EnumMap<>(texts);
        changed.put(threshold, text);
        return new HoldThresholds(changed);
    }

    /** Its value as plans write it; {@link HoldThreshold#OFF} when it is switched off. */
    public String text(HoldThreshold threshold) {
        return texts.getOrDefault(threshold, HoldThreshold.OFF);
    }

    /** Every value by its word, in the order of the documentation. */
    public Map<String, String> byWord() {
        Map<String, String> words = new LinkedHashMap<>();
        for (HoldThreshold threshold : HoldThreshold.values()) {
            words.put(threshold.word(), text(threshold));
        }
        return words;
    }

    private Optional<String> on(HoldThreshold threshold) {
        return Optional.of(text(threshold)).filter(text -> !text.equals(HoldThreshold.OFF));
    }

    public Optional<Duration> replicaLag() {
        return on(HoldThreshold.REPLICA_LAG).flatMap(DurationText::parse);
    }

    public boolean wraparoundAutovacuum() {
        return text(HoldThreshold.WRAPAROUND_AUTOVACUUM).equals("true");
    }

    /** In segments. */
    public OptionalInt unarchivedWal() {
        return number(HoldThreshold.UNARCHIVED_WAL);
    }

    /** As a share of {@code max_connections}, above 0 and up to 1. */
    public OptionalDouble activeBackends() {
        return on(HoldThreshold.ACTIVE_BACKENDS)
                .map(text -> OptionalDouble.of(Double.parseDouble(text)))
                .orElse(OptionalDouble.empty());
    }

    /** In sessions. */
    public OptionalInt lockWaits() {
        return number(HoldThreshold.LOCK_WAITS);
    }

    /** SQL of the target: its first column of its first row, where neither null, false nor empty, is the reason to hold. */
    public Optional<String> query() {
        return on(HoldThreshold.QUERY);
    }

    private OptionalInt number(HoldThreshold threshold) {
        return on(threshold).map(text -> OptionalInt.of(Integer.parseInt(text))).orElse(OptionalInt.empty());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HoldThresholds thresholds && texts.equals(thresholds.texts);
    }

    @Override
    public int hashCode() {
        return texts.hashCode();
    }

    @Override
    public String toString() {
        return byWord().toString();
    }
}
