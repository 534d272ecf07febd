package dev.backpop.legacy.file.expected;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import org.postgresql.util.ByteConverter;

/** Numbers. An integer is digits with or without a sign; other numbers may have a point and an exponent. */
final class ExpectedNumber {
    private static final int DIGITS_BEFORE_POINT = 131_072;
    private static final int DIGITS_AFTER_POINT = 16_383;
    private static final int BYTES_WITHOUT_DIGITS = 8;

    private ExpectedNumber() {}

    static byte[] int2(String text) {
        byte[] value = new byte[2];
        ByteConverter.int2(value, 0, Math.toIntExact(whole(text, Short.MIN_VALUE, Short.MAX_VALUE)));
        return value;
    }

    static byte[] int4(String text) {
        return ofInt((int) whole(text, Integer.MIN_VALUE, Integer.MAX_VALUE));
    }

    static byte[] oid(String text) {
        return ofInt((int) whole(text, 0, (1L << 32) - 1));
    }

    static byte[] int8(String text) {
        return ofLong(whole(text, Long.MIN_VALUE, Long.MAX_VALUE));
    }

    static byte[] float4(String text) {
        byte[] value = new byte[4];
        double named = named(text);
        if (named != 0) {
            ByteConverter.float4(value, 0, (float) named);
            return value;
        }
        BigDecimal exact = mantissa(text);
        float nearest = exact.signum() == 0 ? zero(text) : scaled(text).floatValue();
        if (Float.isInfinite(nearest) || (nearest == 0 && exact.signum() != 0)) {
            throw outOfRange(text, "a real");
        }
        ByteConverter.float4(value, 0, nearest);
        return value;
    }

    static byte[] float8(String text) {
        byte[] value = new byte[8];
        double named = named(text);
        if (named != 0) {
            ByteConverter.float8(value, 0, named);
            return value;
        }
        BigDecimal exact = mantissa(text);
        double nearest = exact.signum() == 0 ? zero(text) : scaled(text).doubleValue();
        if (Double.isInfinite(nearest) || (nearest == 0 && exact.signum() != 0)) {
            throw outOfRange(text, "a double precision");
        }
        ByteConverter.float8(value, 0, nearest);
        return value;
    }

    static byte[] numeric(String text) {
        double named = named(text);
        byte[] value = new byte[BYTES_WITHOUT_DIGITS];
        if (named != 0) {
            ByteConverter.int2(value, 4, Double.isNaN(named) ? 0xC000 : named > 0 ? 0xD000 : 0xF000);
            return value;
        }
        BigDecimal number = bounded(text);
        if (number.signum() == 0) {
            // The driver gives zero a weight that the server does not send.
            ByteConverter.int2(value, 6, Math.max(0, number.scale()));
            return value;
        }
        return ByteConverter.numeric(number.scale() < 0 ? number.setScale(0) : number);
    }

    /**
     * A number that PostgreSQL's numeric can hold.
     *
     * @throws IllegalArgumentException when the text is none
     */
    static BigDecimal bounded(String text) {
        BigDecimal number = scaled(text);
        long before = number.signum() == 0 ? 0 : (long) number.precision() - number.scale();
        if (before > DIGITS_BEFORE_POINT || number.scale() > DIGITS_AFTER_POINT) {
            throw outOfRange(text, "a numeric");
        }
        return number;
    }

    /**
     * A decimal number, exactly, with the decimals that it shows.
     *
     * @throws IllegalArgumentException when the text is none, or its exponent is beyond any type
     */
    static BigDecimal scaled(String text) {
        BigDecimal mantissa = mantissa(text);
        String word = text.strip();
        int exponent = exponentAt(word);
        if (exponent == word.length()) {
            return mantissa;
        }
        try {
            return mantissa.scaleByPowerOfTen(new BigInteger(word.substring(exponent + 1)).intValueExact());
        } catch (ArithmeticException e) {
            throw outOfRange(text, "a number");
        }
    }

    static byte[] ofInt(int number) {
        byte[] value = new byte[4];
        ByteConverter.int4(value, 0, number);
        return value;
    }

    static byte[] ofLong(long number) {
        byte[] value = new byte[8];
        ByteConverter.int8(value, 0, number);
        return value;
    }

    private static long whole(String text, long least, long most) {
        String word = text.strip();
        if (!isWhole(word)) {
            throw new IllegalArgumentException(ExpectedType.quoted(text) + " is no integer");
        }
        BigInteger number = new BigInteger(word);
        if (number.compareTo(BigInteger.valueOf(least)) < 0 || number.compareTo(BigInteger.valueOf(most)) > 0) {
            throw outOfRange(text, "an integer of its column");
        }
        return number.longValueExact();
    }

    /** What stands before the exponent; the exponent is known to be one. */
    private static BigDecimal mantissa(String text) {
        String word = text.strip();
        int exponent = exponentAt(word);
        String mantissa = word.substring(0, exponent);
        boolean plain = mantissa.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '.' || c == '+' || c == '-');
        try {
            if (plain && (exponent == word.length() || isWhole(word.substring(exponent + 1)))) {
                return new BigDecimal(mantissa);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(ExpectedType.quoted(text) + " is no number", e);
        }
        throw new IllegalArgumentException(ExpectedType.quoted(text) + " is no number");
    }

    private static int exponentAt(String word) {
        int at = Math.max(word.indexOf('e'), word.indexOf('E'));
        return at < 0 ? word.length() : at;
    }

    private static boolean isWhole(String word) {
        int first = word.startsWith("+") || word.startsWith("-") ? 1 : 0;
        return first < word.length() && word.chars().skip(first).allMatch(c -> c >= '0' && c <= '9');
    }

    /** Zero, with the sign that the text gives it. */
    private static float zero(String text) {
        return text.strip().startsWith("-") ? -0.0f : 0.0f;
    }

    /** NaN or an infinity where the text is its name; 0 where it is none. */
    private static double named(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "nan" -> Double.NaN;
            case "infinity", "+infinity", "inf", "+inf" -> Double.POSITIVE_INFINITY;
            case "-infinity", "-inf" -> Double.NEGATIVE_INFINITY;
            default -> 0;
        };
    }

    private static IllegalArgumentException outOfRange(String text, String what) {
        return new IllegalArgumentException(ExpectedType.quoted(text) + " is beyond what " + what + " can hold");
    }
}
