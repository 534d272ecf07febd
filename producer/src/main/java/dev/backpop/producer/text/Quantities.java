package dev.backpop.producer.text;

import java.time.Duration;
import java.util.Locale;

/** Quantities as people read them; the same in every locale. */
public final class Quantities {
    private Quantities() {}

    /** {@code 12,345}. */
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** {@code 8,210 rows/s}; one decimal below ten. */
    public static String rate(double perSecond, String what) {
        if (!Double.isFinite(perSecond) || perSecond < 0) {
            return "- " + what + "/s";
        }
        String format = perSecond < 9.95 && perSecond > 0 ? "%,.1f" : "%,.0f";
        return String.format(Locale.ROOT, format, perSecond) + " " + what + "/s";
    }

    /** {@code 850 ms}, {@code 45s}, {@code 1m 05s}, {@code 2h 03m}, {@code 3d 04h}; two units say enough. */
    public static String duration(Duration duration) {
        if (duration.isNegative()) {
            return "-" + duration(duration.negated());
        }
        if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
            return duration.isZero() ? "0s" : duration.toMillis() + " ms";
        }
        if (duration.compareTo(Duration.ofMinutes(1)) < 0) {
            return duration.toSeconds() + "s";
        }
        if (duration.compareTo(Duration.ofHours(1)) < 0) {
            return pair(duration.toMinutes(), "m", duration.toSecondsPart(), "s");
        }
        if (duration.compareTo(Duration.ofDays(1)) < 0) {
            return pair(duration.toHours(), "h", duration.toMinutesPart(), "m");
        }
        return pair(duration.toDays(), "d", duration.toHoursPart(), "h");
    }

    /** {@code 12.3%}, rounded down, so that only a finished whole is {@code 100.0%}; {@code 0.0%} of nothing. */
    public static String percent(long part, long whole) {
        double tenths = whole <= 0 ? 0 : Math.floor(1000.0 * part / whole);
        return String.format(Locale.ROOT, "%.1f%%", Math.min(tenths, 1000) / 10);
    }

    private static String pair(long large, String largeUnit, long small, String smallUnit) {
        return String.format(Locale.ROOT, "%d%s %02d%s", large, largeUnit, small, smallUnit);
    }
}
