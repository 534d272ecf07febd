package dev.backpop.row;

import static dev.backpop.row.BinaryTime.MICROS_PER_DAY;
import static dev.backpop.row.BinaryTime.MICROS_PER_SECOND;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads ISO dates and times. Nothing is rounded and no zone is assumed: what would lose or guess is refused. */
final class TimeReader {
    private static final String DAY = "([0-9]{4,7})-([0-9]{2})-([0-9]{2})";
    private static final String CLOCK = "([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\\.([0-9]+))?)?";
    private static final String OFFSET = "([Zz]|[+-][0-9]{2}(?::?[0-9]{2}(?::?[0-9]{2})?)?)";
    private static final Pattern DATE = Pattern.compile(DAY + "( BC)?");
    private static final Pattern TIME = Pattern.compile(CLOCK);
    private static final Pattern TIMESTAMP = Pattern.compile(DAY + "(?:[Tt ]" + CLOCK + " ?" + OFFSET + "?)?( BC)?");
    /** Day 0 of the Julian calendar, where PostgreSQL's dates and timestamps begin. */
    private static final LocalDate FIRST = LocalDate.of(-4713, 11, 24);

    private static final LocalDate LAST_DATE = LocalDate.of(5_874_897, 12, 31);
    private static final LocalDate LAST_TIMESTAMP = LocalDate.of(294_276, 12, 31);
    private static final int WIDEST_OFFSET = 16 * 3600;

    private TimeReader() {}

    /** Days since 2000. */
    static int date(String text) {
        String word = text.strip();
        if (isInfinite(word)) {
            return word.startsWith("-") ? Integer.MIN_VALUE : Integer.MAX_VALUE;
        }
        Matcher matcher = DATE.matcher(word);
        if (!matcher.matches()) {
            throw UnencodableValueException.not("a date (write it as 2020-12-31)", text);
        }
        LocalDate date = day(matcher, matcher.group(4), text);
        if (date.isBefore(FIRST) || date.isAfter(LAST_DATE)) {
            throw UnencodableValueException.time(text, "is out of range for date");
        }
        return Math.toIntExact(date.toEpochDay() - BinaryTime.EPOCH.toEpochDay());
    }

    /** Microseconds since midnight. */
    static long time(String text) {
        Matcher matcher = TIME.matcher(text.strip());
        if (!matcher.matches()) {
            throw UnencodableValueException.not("a time (write it as 23:59:59.123456)", text);
        }
        return clock(matcher, 1, text, true);
    }

    /** Microseconds since 2000, as the text says it. */
    static long timestamp(String text) {
        return micros(text, false);
    }

    /** Microseconds since 2000 in UTC. */
    static long instant(String text) {
        return micros(text, true);
    }

    private static long micros(String text, boolean zoned) {
        String type = zoned ? "timestamp with time zone" : "timestamp without time zone";
        String word = text.strip();
        if (isInfinite(word)) {
            return word.startsWith("-") ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        Matcher matcher = TIMESTAMP.matcher(word);
        if (!matcher.matches()) {
            throw UnencodableValueException.not(
                    "a timestamp (write it as 2020-12-31T23:59:59.123456" + (zoned ? "Z)" : ")"), text);
        }
        String offset = matcher.group(8);
        if (zoned && offset == null) {
            throw UnencodableValueException.time(
                    text, "has no offset from UTC, and none is assumed for " + type + ": add Z or +00:00");
        }
        if (!zoned && offset != null) {
            throw UnencodableValueException.time(
                    text, "has an offset from UTC, which " + type + " would drop: use timestamp with time zone");
        }
        LocalDate date = day(matcher, matcher.group(9), text);
        long clock = matcher.group(4) == null ? 0 : clock(matcher, 4, text, false);
        if (date.getYear() < FIRST.getYear() - 1 || date.isAfter(LAST_TIMESTAMP.plusDays(1))) {
            throw UnencodableValueException.time(text, "is out of range for " + type);
        }
        long days = date.toEpochDay() - BinaryTime.EPOCH.toEpochDay();
        return checked(
                days * MICROS_PER_DAY + clock - (offset == null ? 0 : seconds(offset, text) * MICROS_PER_SECOND),
                text,
                type);
    }

    /** @throws UnencodableValueException when PostgreSQL's timestamps do not reach so far */
    static long checked(long micros, String text, String type) {
        long first = (FIRST.toEpochDay() - BinaryTime.EPOCH.toEpochDay()) * MICROS_PER_DAY;
        long end = (LAST_TIMESTAMP.toEpochDay() + 1 - BinaryTime.EPOCH.toEpochDay()) * MICROS_PER_DAY;
        if (micros < first || micros >= end) {
            throw UnencodableValueException.time(text, "is out of range for " + type);
        }
        return micros;
    }

    private static boolean isInfinite(String text) {
        String word = text.toLowerCase(Locale.ROOT);
        return word.equals("infinity") || word.equals("-infinity");
    }

    private static LocalDate day(Matcher matcher, @Nullable String era, String text) {
        int year = Integer.parseInt(matcher.group(1));
        if (year == 0) {
            throw UnencodableValueException.time(text, "has a year 0, which PostgreSQL writes as 0001 BC");
        }
        try {
            return LocalDate.of(
                    era == null ? year : 1 - year,
                    Integer.parseInt(matcher.group(2)),
                    Integer.parseInt(matcher.group(3)));
        } catch (DateTimeException e) {
            throw UnencodableValueException.time(text, "is not a day of the calendar");
        }
    }

    private static long clock(Matcher matcher, int group, String text, boolean endOfDay) {
        int hours = Integer.parseInt(matcher.group(group));
        int minutes = Integer.parseInt(matcher.group(group + 1));
        int seconds = matcher.group(group + 2) == null ? 0 : Integer.parseInt(matcher.group(group + 2));
        long micros = (hours * 3600L + minutes * 60L + seconds) * MICROS_PER_SECOND
                + fraction(matcher.group(group + 3), text);
        boolean wholeDay = endOfDay && micros == MICROS_PER_DAY && hours == 24;
        if ((hours > 23 && !wholeDay) || minutes > 59 || seconds > 59) {
            throw UnencodableValueException.time(text, "is not a time of day");
        }
        return micros;
    }

    private static long fraction(@Nullable String digits, String text) {
        if (digits == null) {
            return 0;
        }
        for (int i = 6; i < digits.length(); i++) {
            if (digits.charAt(i) != '0') {
                throw UnencodableValueException.time(
                        text, "has more than 6 digits after the second, which would have to be rounded");
            }
        }
        return Long.parseLong((digits + "000000").substring(0, 6));
    }

    private static long seconds(String offset, String text) {
        if (offset.equalsIgnoreCase("z")) {
            return 0;
        }
        String digits = offset.substring(1).replace(":", "") + "0000";
        int minutes = Integer.parseInt(digits.substring(2, 4));
        int rest = Integer.parseInt(digits.substring(4, 6));
        long seconds = Integer.parseInt(digits.substring(0, 2)) * 3600L + minutes * 60L + rest;
        if (seconds >= WIDEST_OFFSET || minutes > 59 || rest > 59) {
            throw UnencodableValueException.time(text, "has an offset from UTC that no place has");
        }
        return offset.charAt(0) == '-' ? -seconds : seconds;
    }
}
