package dev.backpop.plan;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What of the target makes a campaign hold, by the name that plans, {@code backpop set} and metrics have for it. */
public enum HoldThreshold {
    /** How far a replica is behind. */
    REPLICA_LAG,
    /** Whether autovacuum runs on the target table to prevent wraparound. */
    WRAPAROUND_AUTOVACUUM,
    /** How many WAL segments wait to be archived. */
    UNARCHIVED_WAL,
    /** Which share of {@code max_connections} is active. */
    ACTIVE_BACKENDS,
    /** How many sessions of the target database wait for a lock. */
    LOCK_WAITS,
    /** Whatever the plan's author asks the target. */
    QUERY;

    /** The value that switches a threshold off. */
    public static final String OFF = "null";

    /** As it is written everywhere. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Every word, in the order of the documentation. */
    public static List<String> words() {
        return Arrays.stream(values()).map(HoldThreshold::word).toList();
    }

    public static Optional<HoldThreshold> ofWord(String word) {
        return Arrays.stream(values())
                .filter(threshold -> threshold.word().equals(word))
                .findFirst();
    }

    /** Null when the text is a value of this threshold; otherwise what is wrong with it. */
    public @Nullable String problem(String text) {
        if (text.equals(OFF)) {
            return null;
        }
        return switch (this) {
            case REPLICA_LAG -> {
                Optional<Duration> lag = DurationText.parse(text);
                yield lag.isEmpty() || lag.get().isZero() ? "expected a time above zero such as 5s" : null;
            }
            case WRAPAROUND_AUTOVACUUM -> text.equals("true") || text.equals("false") ? null : "expected true or false";
            case UNARCHIVED_WAL -> count(text) ? null : "expected a number of WAL segments from 1 to 1000000";
            case ACTIVE_BACKENDS ->
                share(text) ? null : "expected a share of max_connections above 0 and up to 1, such as 0.8";
            case LOCK_WAITS -> count(text) ? null : "expected a number of sessions from 1 to 1000000";
            case QUERY -> text.isBlank() ? "expected a query of the target such as SELECT …" : null;
        };
    }

    private static boolean count(String text) {
        return text.matches("[0-9]{1,7}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= 1_000_000;
    }

    private static boolean share(String text) {
        if (!text.matches("[0-9]{0,9}\\.?[0-9]{1,9}")) {
            return false;
        }
        BigDecimal share = new BigDecimal(text);
        return share.signum() > 0 && share.compareTo(BigDecimal.ONE) <= 0;
    }
}
