package dev.backpop.legacy.file.expected;

import java.math.BigDecimal;
import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;

/**
 * Dates and times of the ISO calendar, carried on before its introduction, as PostgreSQL's are. Nothing is rounded to
 * microseconds, and no offset from UTC is assumed or dropped.
 */
final class ExpectedTime {
    private static final LocalDate EPOCH = LocalDate.of(2000, 1, 1);
    private static final LocalDate FIRST_DATE = LocalDate.of(-4713, 11, 24);
    private static final LocalDate LAST_DATE = LocalDate.of(5_874_897, 12, 31);
    private static final Instant FIRST = Instant.parse("-4713-11-24T00:00:00Z");
    private static final Instant LAST = Instant.parse("+294276-12-31T23:59:59.999999Z");
    private static final long EPOCH_SECOND = EPOCH.toEpochDay() * 86_400;
    private static final String BEFORE_CHRIST = " BC";

    private static final DateTimeFormatter CLOCK = new DateTimeFormatterBuilder()
            .appendValue(ChronoField.HOUR_OF_DAY, 2)
            .appendLiteral(':')
            .appendValue(ChronoField.MINUTE_OF_HOUR, 2)
            .optionalStart()
            .appendLiteral(':')
            .appendValue(ChronoField.SECOND_OF_MINUTE, 2)
            .optionalStart()
            .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
            .optionalEnd()
            .optionalEnd()
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);
    private static final DateTimeFormatter AFTER_CHRIST_DATES = dates(1);
    private static final DateTimeFormatter BEFORE_CHRIST_DATES = dates(0);

    private ExpectedTime() {}

    private static DateTimeFormatter dates(int era) {
        return new DateTimeFormatterBuilder()
                .appendValue(ChronoField.YEAR_OF_ERA, 4, 7, SignStyle.NOT_NEGATIVE)
                .appendLiteral('-')
                .appendValue(ChronoField.MONTH_OF_YEAR, 2)
                .appendLiteral('-')
                .appendValue(ChronoField.DAY_OF_MONTH, 2)
                .parseDefaulting(ChronoField.ERA, era)
                .toFormatter(Locale.ROOT)
                .withResolverStyle(ResolverStyle.STRICT)
                .withChronology(IsoChronology.INSTANCE);
    }

    static byte[] date(String text) {
        String word = text.strip();
        int infinite = infinite(word);
        if (infinite != 0) {
            return ExpectedNumber.ofInt(infinite < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE);
        }
        ParsePosition position = new ParsePosition(0);
        boolean beforeChrist = word.endsWith(BEFORE_CHRIST);
        String rest = withoutEra(word);
        LocalDate date = day(rest, beforeChrist, position, text);
        if (position.getIndex() < rest.length()) {
            throw refused(text, "is no date");
        }
        if (date.isBefore(FIRST_DATE) || date.isAfter(LAST_DATE)) {
            throw refused(text, "is a day that PostgreSQL does not know");
        }
        return ExpectedNumber.ofInt(Math.toIntExact(ChronoUnit.DAYS.between(EPOCH, date)));
    }

    static byte[] time(String text) {
        String word = text.strip();
        boolean end = word.startsWith("24");
        ParsePosition position = new ParsePosition(0);
        String clock = shortened(end ? "00" + word.substring(2) : word, text);
        LocalTime time = clock(clock, position, text);
        if (position.getIndex() < clock.length() || (end && !time.equals(LocalTime.MIDNIGHT))) {
            throw refused(text, "is no time of day");
        }
        return ExpectedNumber.ofLong((end ? Duration.ofDays(1).toNanos() : time.toNanoOfDay()) / 1_000);
    }

    static byte[] timestamp(String text) {
        return moment(text, false);
    }

    static byte[] instant(String text) {
        return moment(text, true);
    }

    /** Decimal seconds since 1970, as {@code timestamptz}, or {@code timestamp} at UTC, which is the same. */
    static byte[] epochSeconds(String text) {
        BigDecimal seconds = ExpectedNumber.scaled(text);
        if (seconds.signum() != 0) {
            seconds = seconds.stripTrailingZeros();
            if (seconds.scale() > 6) {
                throw refused(text, "is finer than a microsecond");
            }
            if ((long) seconds.precision() - seconds.scale() > 15) {
                throw refused(text, "is a time that PostgreSQL does not know");
            }
        } else {
            seconds = BigDecimal.ZERO;
        }
        BigDecimal[] parts = seconds.divideAndRemainder(BigDecimal.ONE);
        return ofInstant(
                Instant.ofEpochSecond(
                        parts[0].longValueExact(), parts[1].movePointRight(9).longValueExact()),
                text);
    }

    private static byte[] moment(String text, boolean zoned) {
        String word = text.strip();
        int infinite = infinite(word);
        if (infinite != 0) {
            return ExpectedNumber.ofLong(infinite < 0 ? Long.MIN_VALUE : Long.MAX_VALUE);
        }
        String rest = shortened(withoutEra(word), text);
        ParsePosition position = new ParsePosition(0);
        LocalDate date = day(rest, word.endsWith(BEFORE_CHRIST), position, text);
        LocalTime time = LocalTime.MIDNIGHT;
        String offset = "";
        int at = position.getIndex();
        if (at < rest.length()) {
            if ("Tt ".indexOf(rest.charAt(at)) < 0) {
                throw refused(text, "is no date and time");
            }
            position.setIndex(at + 1);
            time = clock(rest, position, text);
            offset = rest.substring(position.getIndex());
        }
        offset = offset.startsWith(" ") ? offset.substring(1) : offset;
        if (zoned == offset.isEmpty()) {
            throw refused(text, zoned ? "does not say its offset from UTC" : "has an offset, which its column drops");
        }
        int ahead = zoned ? ahead(offset, text) : 0;
        return ofInstant(date.atTime(time).toInstant(ZoneOffset.UTC).minusSeconds(ahead), text);
    }

    private static byte[] ofInstant(Instant instant, String text) {
        if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
            throw refused(text, "is a time that PostgreSQL does not know");
        }
        return ExpectedNumber.ofLong((instant.getEpochSecond() - EPOCH_SECOND) * 1_000_000 + instant.getNano() / 1_000);
    }

    private static LocalDate day(String word, boolean beforeChrist, ParsePosition position, String text) {
        DateTimeFormatter dates = beforeChrist ? BEFORE_CHRIST_DATES : AFTER_CHRIST_DATES;
        return parsed(dates, word, position, text).query(LocalDate::from);
    }

    private static LocalTime clock(String word, ParsePosition position, String text) {
        LocalTime time = parsed(CLOCK, word, position, text).query(TemporalQueries.localTime());
        if (time == null) {
            throw refused(text, "is no time of day");
        }
        return time;
    }

    private static TemporalAccessor parsed(
            DateTimeFormatter formatter, String word, ParsePosition position, String text) {
        try {
            return formatter.parse(word, position);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(ExpectedType.quoted(text) + " is no date or time: " + e.getMessage(), e);
        }
    }

    /** The text with no zeros at the end of its fraction of a second. */
    private static String shortened(String word, String text) {
        int point = word.indexOf('.');
        int end = point + 1;
        while (point >= 0 && end < word.length() && Character.isDigit(word.charAt(end))) {
            end++;
        }
        int last = end;
        while (point >= 0 && last > point + 2 && word.charAt(last - 1) == '0') {
            last--;
        }
        if (last - point - 1 > 6) {
            throw refused(text, "is finer than a microsecond");
        }
        return word.substring(0, last) + word.substring(end);
    }

    /** Seconds ahead of UTC: {@code Z}, {@code +02}, {@code +0230}, {@code -02:30:15}. */
    private static int ahead(String offset, String text) {
        if (offset.equals("Z") || offset.equals("z")) {
            return 0;
        }
        char sign = offset.charAt(0);
        int[] parts = new int[3];
        int at = 1;
        int count = 0;
        while (at < offset.length() && count < 3) {
            at += count > 0 && offset.charAt(at) == ':' ? 1 : 0;
            parts[count] = two(offset, at, text);
            at += 2;
            count++;
        }
        if ((sign != '+' && sign != '-') || count == 0 || at < offset.length()) {
            throw refused(text, "has no offset from UTC that can be read");
        }
        if (parts[0] > 15 || parts[1] > 59 || parts[2] > 59) {
            throw refused(text, "is further from UTC than any place");
        }
        int seconds = parts[0] * 3_600 + parts[1] * 60 + parts[2];
        return sign == '-' ? -seconds : seconds;
    }

    private static int two(String offset, int at, String text) {
        if (at + 2 > offset.length() || !isDigit(offset.charAt(at)) || !isDigit(offset.charAt(at + 1))) {
            throw refused(text, "has no offset from UTC that can be read");
        }
        return (offset.charAt(at) - '0') * 10 + offset.charAt(at + 1) - '0';
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    private static String withoutEra(String word) {
        return word.endsWith(BEFORE_CHRIST) ? word.substring(0, word.length() - BEFORE_CHRIST.length()) : word;
    }

    /** 1 or -1 where the text is an infinity, 0 where it is none. */
    private static int infinite(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "infinity" -> 1;
            case "-infinity" -> -1;
            default -> 0;
        };
    }

    private static IllegalArgumentException refused(String text, String why) {
        return new IllegalArgumentException(ExpectedType.quoted(text) + " " + why);
    }
}
