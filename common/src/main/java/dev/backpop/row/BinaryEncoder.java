package dev.backpop.row;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Writes values, given as text, in PostgreSQL's binary send format. Reads what PostgreSQL reads where that is exact, and
 * refuses where PostgreSQL would round, drop or assume something.
 */
public final class BinaryEncoder {
    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]++");
    private static final Pattern DECIMAL =
            Pattern.compile("[+-]?(?:[0-9]++(?:\\.[0-9]*+)?|\\.[0-9]++)(?:[eE][+-]?[0-9]++)?");
    private static final Pattern UUID = Pattern.compile(
            "[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);
    private static final BigInteger EPOCH_MICROS = BigInteger.valueOf(946_684_800_000_000L);

    private BinaryEncoder() {}

    /** Whether values of this type can be encoded here. */
    public static boolean encodes(int oid) {
        return switch (oid) {
            case 16, 17, 20, 21, 23, 25, 26, 114, 700, 701, 1042, 1043, 1082, 1083, 1114, 1184, 1700, 2950, 3802 ->
                true;
            default -> false;
        };
    }

    /**
     * Encodes one value.
     *
     * @throws UnencodableValueException when the text is not a value of the type; the message is fit for a reject
     * @throws IllegalArgumentException when the type is not one that {@link #encodes}
     */
    public static byte[] encode(int oid, String text) {
        return switch (oid) {
            case 16 -> new byte[] {(byte) (bool(text) ? 1 : 0)};
            case 17 -> bytes(text);
            case 20 -> int8(integer(text, "bigint", Long.MIN_VALUE, Long.MAX_VALUE));
            case 21 ->
                ByteBuffer.allocate(2)
                        .putShort((short) integer(text, "smallint", Short.MIN_VALUE, Short.MAX_VALUE))
                        .array();
            case 23 -> int4((int) integer(text, "integer", Integer.MIN_VALUE, Integer.MAX_VALUE));
            case 26 -> int4((int) integer(text, "oid", 0, 0xFFFF_FFFFL));
            case 25, 1042, 1043 -> text(text);
            case 114 -> json(text);
            case 3802 -> jsonb(text);
            case 700 -> int4(Float.floatToIntBits(float4(text)));
            case 701 -> int8(Double.doubleToLongBits(float8(text)));
            case 1082 -> int4(TimeReader.date(text));
            case 1083 -> int8(TimeReader.time(text));
            case 1114 -> int8(TimeReader.timestamp(text));
            case 1184 -> int8(TimeReader.instant(text));
            case 1700 -> numeric(text);
            case 2950 -> uuid(text);
            default -> throw new IllegalArgumentException("values of type " + oid + " cannot be encoded");
        };
    }

    /**
     * Encodes decimal seconds since 1970 ({@code 1346469006.0}) as {@code timestamptz}, or as {@code timestamp} at UTC,
     * which has the same bytes. Exact: no floating point on the way.
     *
     * @throws UnencodableValueException when the text is no number, is finer than a microsecond or out of range
     */
    public static byte[] encodeEpochSeconds(String text) {
        String type = "timestamp";
        BigDecimal seconds = decimal(text, "a number of seconds since 1970", type);
        if (seconds.signum() == 0) {
            seconds = BigDecimal.ZERO;
        }
        if ((long) seconds.precision() - seconds.scale() > 20) {
            throw UnencodableValueException.time(text, "is out of range for " + type);
        }
        BigDecimal stripped = seconds.stripTrailingZeros();
        if (stripped.scale() > 6) {
            throw UnencodableValueException.time(
                    text, "has more than 6 digits after the second, which would have to be rounded");
        }
        BigInteger micros = stripped.movePointRight(6).toBigIntegerExact().subtract(EPOCH_MICROS);
        if (micros.bitLength() > 63) {
            throw UnencodableValueException.time(text, "is out of range for " + type);
        }
        return int8(TimeReader.checked(micros.longValueExact(), text, type));
    }

    /** @throws UnencodableValueException when PostgreSQL cannot store the text */
    static void checkText(String text) {
        int i = 0;
        while (i < text.length()) {
            int character = text.codePointAt(i);
            if (character == 0) {
                throw UnencodableValueException.text(
                        "the text holds U+0000 at position " + (i + 1) + ", which PostgreSQL cannot store");
            }
            if (character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE) {
                throw UnencodableValueException.text("the text holds half a surrogate pair (U+"
                        + Integer.toHexString(character).toUpperCase(Locale.ROOT) + ") at position " + (i + 1)
                        + ", which is no character");
            }
            i += Character.charCount(character);
        }
    }

    private static byte[] text(String text) {
        checkText(text);
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] json(String text) {
        JsonValues.check(text, false);
        return text(text);
    }

    private static byte[] jsonb(String text) {
        JsonValues.check(text, true);
        byte[] document = text(text);
        return ByteBuffer.allocate(document.length + 1)
                .put((byte) 1)
                .put(document)
                .array();
    }

    private static boolean bool(String text) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        if (!word.isEmpty()) {
            if ("true".startsWith(word) || "yes".startsWith(word) || word.equals("on") || word.equals("1")) {
                return true;
            }
            if ("false".startsWith(word)
                    || "no".startsWith(word)
                    || word.equals("of")
                    || word.equals("off")
                    || word.equals("0")) {
                return false;
            }
        }
        throw UnencodableValueException.not("a boolean (true or false)", text);
    }

    private static long integer(String text, String type, long least, long most) {
        String digits = text.strip();
        if (!INTEGER.matcher(digits).matches()) {
            throw UnencodableValueException.not("an integer", text);
        }
        try {
            long value = Long.parseLong(digits);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // It is made of digits, so it is only too long.
        }
        throw UnencodableValueException.outOfRange(type, digits);
    }

    private static float float4(String text) {
        if (isSpecial(text)) {
            return (float) special(text);
        }
        String number = number(text);
        float value = Float.parseFloat(number);
        if (Float.isInfinite(value) || (value == 0 && !isZero(number))) {
            throw UnencodableValueException.outOfRange("real", number);
        }
        return value;
    }

    private static double float8(String text) {
        if (isSpecial(text)) {
            return special(text);
        }
        String number = number(text);
        double value = Double.parseDouble(number);
        if (Double.isInfinite(value) || (value == 0 && !isZero(number))) {
            throw UnencodableValueException.outOfRange("double precision", number);
        }
        return value;
    }

    private static boolean isZero(String number) {
        for (int i = 0; i < number.length() && "eE".indexOf(number.charAt(i)) < 0; i++) {
            if (number.charAt(i) >= '1' && number.charAt(i) <= '9') {
                return false;
            }
        }
        return true;
    }

    private static String number(String text) {
        String number = text.strip();
        if (!DECIMAL.matcher(number).matches()) {
            throw UnencodableValueException.not("a number", text);
        }
        return number;
    }

    private static byte[] numeric(String text) {
        if (isSpecial(text)) {
            double value = special(text);
            return Double.isNaN(value) ? BinaryNumeric.notANumber() : BinaryNumeric.infinity(value < 0);
        }
        return BinaryNumeric.encode(decimal(text, "a number", "numeric"), text);
    }

    private static BigDecimal decimal(String text, String what, String type) {
        String number = text.strip();
        if (!DECIMAL.matcher(number).matches()) {
            throw UnencodableValueException.not(what, text);
        }
        try {
            return new BigDecimal(number);
        } catch (NumberFormatException e) {
            throw UnencodableValueException.outOfRange(type, number);
        }
    }

    private static boolean isSpecial(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity" -> true;
            default -> false;
        };
    }

    private static double special(String text) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        if (word.equals("nan")) {
            return Double.NaN;
        }
        return word.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }

    private static byte[] uuid(String text) {
        String word = text.strip();
        if (word.startsWith("{") && word.endsWith("}") && word.length() > 1) {
            word = word.substring(1, word.length() - 1);
        }
        if (!UUID.matcher(word).matches()) {
            throw UnencodableValueException.not("a uuid", text);
        }
        return HexFormat.of().parseHex(word.replace("-", ""));
    }

    private static byte[] bytes(String text) {
        try {
            if (text.startsWith("\\x")) {
                return HexFormat.of().parseHex(text, 2, text.length());
            }
        } catch (IllegalArgumentException e) {
            throw UnencodableValueException.not("bytea (\\x and pairs of hex digits)", text);
        }
        throw UnencodableValueException.not("bytea (\\x and pairs of hex digits)", text);
    }

    private static byte[] int4(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    private static byte[] int8(long value) {
        return ByteBuffer.allocate(8).putLong(value).array();
    }
}
