package dev.backpop.row;

import java.nio.ByteBuffer;
import java.time.LocalDate;

/** Dates, times and intervals in their send formats: days or microseconds since the first day of 2000. */
final class BinaryTime {
    static final long MICROS_PER_SECOND = 1_000_000;
    static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;
    static final LocalDate EPOCH = LocalDate.of(2000, 1, 1);

    private BinaryTime() {}

    static String text(int oid, ByteBuffer field) {
        return switch (oid) {
            case 1082 -> date(field.getInt());
            case 1083 -> time(field.getLong());
            case 1266 -> time(field.getLong()) + zone(-field.getInt());
            case 1114 -> timestamp(field.getLong(), "");
            case 1184 -> timestamp(field.getLong(), "+00");
            case 1186 -> interval(field.getLong(), field.getInt(), field.getInt());
            default -> throw new IllegalArgumentException("type " + oid + " is no date or time");
        };
    }

    private static String date(int days) {
        if (days == Integer.MAX_VALUE || days == Integer.MIN_VALUE) {
            return days > 0 ? "infinity" : "-infinity";
        }
        LocalDate date = EPOCH.plusDays(days);
        return day(date) + era(date);
    }

    private static String timestamp(long micros, String zone) {
        if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
            return micros > 0 ? "infinity" : "-infinity";
        }
        LocalDate date = EPOCH.plusDays(Math.floorDiv(micros, MICROS_PER_DAY));
        return day(date) + " " + time(Math.floorMod(micros, MICROS_PER_DAY)) + zone + era(date);
    }

    /** PostgreSQL has no year 0: the year before 1 is 1 BC. */
    private static String day(LocalDate date) {
        int year = date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
        return padded(year, 4) + "-" + padded(date.getMonthValue(), 2) + "-" + padded(date.getDayOfMonth(), 2);
    }

    private static String era(LocalDate date) {
        return date.getYear() > 0 ? "" : " BC";
    }

    private static String time(long micros) {
        long seconds = micros / MICROS_PER_SECOND;
        String text = padded(seconds / 3600, 2) + ":" + padded(seconds / 60 % 60, 2) + ":" + padded(seconds % 60, 2);
        long fraction = micros % MICROS_PER_SECOND;
        if (fraction == 0) {
            return text;
        }
        String digits = padded(fraction, 6);
        int end = digits.length();
        while (digits.charAt(end - 1) == '0') {
            end--;
        }
        return text + "." + digits.substring(0, end);
    }

    private static String zone(int secondsEast) {
        int seconds = Math.abs(secondsEast);
        String text = (secondsEast < 0 ? "-" : "+") + padded(seconds / 3600, 2);
        if (seconds % 3600 != 0) {
            text += ":" + padded(seconds / 60 % 60, 2);
        }
        return seconds % 60 == 0 ? text : text + ":" + padded(seconds % 60, 2);
    }

    private static String interval(long micros, int days, int months) {
        if (months == Integer.MAX_VALUE && days == Integer.MAX_VALUE && micros == Long.MAX_VALUE) {
            return "infinity";
        }
        if (months == Integer.MIN_VALUE && days == Integer.MIN_VALUE && micros == Long.MIN_VALUE) {
            return "-infinity";
        }
        StringBuilder text = new StringBuilder();
        boolean negative = appendPart(text, months / 12, "year", false);
        negative = appendPart(text, months % 12, "mon", negative);
        negative = appendPart(text, days, "day", negative);
        if (text.isEmpty() || micros != 0) {
            text.append(text.isEmpty() ? "" : " ").append(micros < 0 ? "-" : negative ? "+" : "");
            text.append(unsignedTime(micros));
        }
        return text.toString();
    }

    private static String unsignedTime(long micros) {
        // The smallest long has no positive twin; its last digits are known to be a whole number of microseconds.
        return micros == Long.MIN_VALUE ? "2562047788:00:54.775808" : time(Math.abs(micros));
    }

    /** After a negative part, a positive one is printed with its sign. */
    private static boolean appendPart(StringBuilder text, int value, String unit, boolean afterNegative) {
        if (value == 0) {
            return afterNegative;
        }
        text.append(text.isEmpty() ? "" : " ")
                .append(afterNegative && value > 0 ? "+" : "")
                .append(value)
                .append(' ')
                .append(unit)
                .append(value == 1 ? "" : "s");
        return value < 0;
    }

    private static String padded(long number, int width) {
        String digits = Long.toString(number);
        return digits.length() >= width ? digits : "0".repeat(width - digits.length()) + digits;
    }
}
