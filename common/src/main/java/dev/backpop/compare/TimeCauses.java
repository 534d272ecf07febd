package dev.backpop.compare;

import java.math.BigInteger;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Names how one of two different times came of the other. */
final class TimeCauses {
    private static final long QUARTER_HOUR = 900;
    private static final long MOST_OFFSET = 14 * 3600;
    private static final long MOST_DAYS = 31;

    private TimeCauses() {}

    /** Of times spelled as texts; null where one of them is none, or the cause is not known. */
    static @Nullable String findInTexts(String legacy, String target) {
        Optional<Times.Point> left = Times.of(legacy);
        Optional<Times.Point> right = left.isEmpty() ? left : Times.of(target);
        if (left.isEmpty() || right.isEmpty()) {
            return null;
        }
        return left.equals(right) ? "same instant, spelled differently" : find(left.get(), right.get());
    }

    /** @return null when it is not known */
    static @Nullable String find(int oid, byte[] legacy, byte[] target) {
        Times.Point left = Times.of(oid, legacy);
        Times.Point right = Times.of(oid, target);
        return left.equals(right) ? "same instant, spelled differently" : find(left, right);
    }

    private static @Nullable String find(Times.Point legacy, Times.Point target) {
        if (legacy.zoned() != target.zoned() || !legacy.isFinite() || !target.isFinite()) {
            return null;
        }
        String lost = lost(legacy.micros(), target.micros());
        if (lost != null) {
            return lost;
        }
        BigInteger apart = Times.apart(legacy, target);
        if (apart.bitLength() > 62) {
            return null;
        }
        long micros = apart.longValueExact();
        return micros % Times.MICROS_PER_SECOND == 0
                ? seconds(micros / Times.MICROS_PER_SECOND)
                : fraction(Math.abs(micros));
    }

    private static @Nullable String lost(long legacy, long target) {
        long fraction = Math.floorMod(legacy, Times.MICROS_PER_SECOND);
        if (fraction != 0 && target == legacy - fraction) {
            return "sub-second part lost";
        }
        if (target == legacy - fraction + Times.MICROS_PER_SECOND && fraction >= Times.MICROS_PER_SECOND / 2) {
            return "rounded to the second";
        }
        long micros = Math.floorMod(legacy, 1_000);
        if (micros != 0 && target == legacy - micros) {
            return "sub-millisecond part lost";
        }
        if (micros >= 500 && target == legacy - micros + 1_000) {
            return "rounded to the millisecond";
        }
        long clock = Math.floorMod(legacy, Times.MICROS_PER_DAY);
        // Up to 14 hours, and a whole number of them, it may as well be a time zone.
        boolean zone =
                clock % (QUARTER_HOUR * Times.MICROS_PER_SECOND) == 0 && clock <= MOST_OFFSET * Times.MICROS_PER_SECOND;
        return clock != 0 && !zone && target == legacy - clock ? "time of day lost" : null;
    }

    private static @Nullable String seconds(long seconds) {
        long size = Math.abs(seconds);
        if (size % QUARTER_HOUR == 0 && size <= MOST_OFFSET) {
            long minutes = size / 60 % 60;
            return (minutes == 0 ? "whole" : "quarter") + " hours apart, as of a time zone: "
                    + (seconds < 0 ? "-" : "+") + size / 3600 + (minutes == 0 ? "" : ":" + minutes) + " h";
        }
        if (size < QUARTER_HOUR) {
            return "off by " + size + " s";
        }
        long days = size / 86_400;
        return size % 86_400 == 0 && days <= MOST_DAYS ? "off by " + days + (days == 1 ? " day" : " days") : null;
    }

    private static @Nullable String fraction(long micros) {
        return micros % 1_000 == 0 && micros < Times.MICROS_PER_SECOND ? "off by " + micros / 1_000 + " ms" : null;
    }
}
