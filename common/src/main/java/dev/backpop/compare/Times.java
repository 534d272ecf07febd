package dev.backpop.compare;

import dev.backpop.row.BinaryEncoder;
import dev.backpop.row.UnencodableValueException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Date and time columns, and texts that hold times, as microseconds. */
final class Times {
    static final long MICROS_PER_SECOND = 1_000_000;
    static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;
    private static final int TIMESTAMP = 1114;
    private static final int INSTANT = 1184;
    private static final Pattern BASIC = Pattern.compile(
            "([0-9]{4})([0-9]{2})([0-9]{2})(?:[Tt]([0-9]{2})([0-9]{2})([0-9]{2}(?:[.,][0-9]+)?)?(.*))?");
    private static final Pattern FINER = Pattern.compile("[.,]([0-9]{1,6})[0-9]*");
    private static final Pattern OFFSET = Pattern.compile(".*[0-9] ?(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2}){0,2})(?: BC)?");
    private static final Pattern CLOCK = Pattern.compile(".*:.*");

    private Times() {}

    /**
     * A point of time.
     *
     * @param zoned whether it is known where on earth; one of which it is not known is never the same as one of which it is
     * @param micros since 2000, or since midnight
     */
    record Point(boolean zoned, long micros) {
        /** False for infinities, and for dates that microseconds do not reach. */
        boolean isFinite() {
            return micros < Long.MAX_VALUE - Integer.MAX_VALUE && micros != Long.MIN_VALUE;
        }
    }

    /** @param oid date, time, timetz, timestamp or timestamptz */
    static Point of(int oid, byte[] field) {
        ByteBuffer bytes = ByteBuffer.wrap(field);
        return switch (oid) {
            case 1082 -> new Point(false, days(bytes.getInt()));
            // A time of day with its offset, which PostgreSQL counts westward.
            case 1266 -> new Point(true, bytes.getLong() + bytes.getInt() * MICROS_PER_SECOND);
            case INSTANT -> new Point(true, bytes.getLong());
            default -> new Point(false, bytes.getLong());
        };
    }

    private static long days(int days) {
        if (days == Integer.MAX_VALUE || days == Integer.MIN_VALUE) {
            return days > 0 ? Long.MAX_VALUE : Long.MIN_VALUE;
        }
        // Dates reach further than microseconds do; what is beyond is still told apart from everything else.
        return days > Long.MAX_VALUE / MICROS_PER_DAY ? Long.MAX_VALUE - days : days * MICROS_PER_DAY;
    }

    /**
     * The time that a text holds in ISO 8601, extended or basic, or as PostgreSQL prints it. Digits after the microsecond
     * are left out.
     *
     * @return empty when it holds none
     */
    static Optional<Point> of(String text) {
        String spelled = extended(text.strip());
        boolean zoned =
                OFFSET.matcher(spelled).matches() && CLOCK.matcher(spelled).matches();
        try {
            byte[] field = BinaryEncoder.encode(zoned ? INSTANT : TIMESTAMP, spelled);
            return Optional.of(new Point(zoned, ByteBuffer.wrap(field).getLong()));
        } catch (UnencodableValueException e) {
            return Optional.empty();
        }
    }

    private static String extended(String text) {
        Matcher basic = BASIC.matcher(text);
        String spelled = text;
        if (basic.matches()) {
            spelled = basic.group(1) + "-" + basic.group(2) + "-" + basic.group(3);
            if (basic.group(4) != null) {
                String seconds = basic.group(6) == null ? "00" : basic.group(6);
                spelled += "T" + basic.group(4) + ":" + basic.group(5) + ":" + seconds + basic.group(7);
            }
        }
        return FINER.matcher(spelled).replaceFirst(".$1");
    }

    /** Whether both are finite, of one kind, and at most this far apart. */
    static boolean within(long mostMicros, Point left, Point right) {
        return left.zoned() == right.zoned()
                && left.isFinite()
                && right.isFinite()
                && apart(left, right).abs().compareTo(BigInteger.valueOf(mostMicros)) <= 0;
    }

    /** How much later the second is, in microseconds; of finite ones. */
    static BigInteger apart(Point left, Point right) {
        return BigInteger.valueOf(right.micros()).subtract(BigInteger.valueOf(left.micros()));
    }
}
