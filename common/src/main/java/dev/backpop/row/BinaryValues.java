package dev.backpop.row;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Reads values in PostgreSQL's binary send format.
 *
 * <p>Source: the {@code *send} functions of PostgreSQL's types, stable across its supported versions.
 */
public final class BinaryValues {
    private BinaryValues() {}

    /**
     * The canonical text of a key column.
     *
     * @throws IllegalArgumentException when the type cannot be a key column
     */
    static String keyText(int oid, byte[] field) {
        return switch (oid) {
            case 20, 21, 23, 25, 1043, 2950 -> text(oid, field);
            // As KeyType reads it back, which differs from what PostgreSQL prints after the year 9999 and before 1.
            case 1082 ->
                BinaryTime.EPOCH.plusDays(ByteBuffer.wrap(field).getInt()).toString();
            default -> throw new IllegalArgumentException("type " + oid + " cannot be a key column");
        };
    }

    /**
     * What {@code value::text} gives in a session with DateStyle ISO, TimeZone UTC, and default float digits, bytea
     * output and interval style. For showing to people: types that are not known here come out as {@code \x} and the hex
     * digits of their bytes.
     *
     * @param field in the send format of the type; bytes that are not come out as some text or an exception
     */
    public static String text(int oid, byte[] field) {
        return switch (oid) {
            case 16 -> field[0] == 0 ? "false" : "true";
            case 1042 -> new String(field, 0, withoutTrailingBlanks(field), StandardCharsets.UTF_8);
            default -> printed(oid, field);
        };
    }

    /** What the type's output function prints, which casts to text change for two types. */
    static String printed(int oid, byte[] field) {
        return switch (oid) {
            case 16 -> field[0] == 0 ? "f" : "t";
            case 18 -> character(field);
            case 19, 25, 114, 142, 1042, 1043 -> new String(field, StandardCharsets.UTF_8);
            case 20 -> Long.toString(ByteBuffer.wrap(field).getLong());
            case 21 -> Short.toString(ByteBuffer.wrap(field).getShort());
            case 23 -> Integer.toString(ByteBuffer.wrap(field).getInt());
            case 26 -> Integer.toUnsignedString(ByteBuffer.wrap(field).getInt());
            case 700 -> FloatText.of(ByteBuffer.wrap(field).getFloat());
            case 701 -> FloatText.of(ByteBuffer.wrap(field).getDouble());
            case 1700 -> BinaryNumeric.text(field);
            case 2950 -> uuid(field);
            case 3802 -> new String(field, 1, field.length - 1, StandardCharsets.UTF_8);
            case 1082, 1083, 1114, 1184, 1186, 1266 -> BinaryTime.text(oid, ByteBuffer.wrap(field));
            default -> BinaryArray.isArray(oid) ? BinaryArray.text(field) : hex(field);
        };
    }

    /**
     * Whether two values are the same: equal bytes; or numerics that are equal numbers ({@code 1.0} and {@code 1.00}),
     * floats that PostgreSQL's {@code =} calls equal ({@code -0} and {@code 0}, any two NaN), jsonb documents that are
     * equal values with numbers compared exactly, and bpchar that differs in trailing blanks alone.
     */
    public static boolean sameValue(int oid, byte[] left, byte[] right) {
        if (Arrays.equals(left, right)) {
            return true;
        }
        return switch (oid) {
            case 700 ->
                sameFloat(
                        ByteBuffer.wrap(left).getFloat(), ByteBuffer.wrap(right).getFloat());
            case 701 ->
                sameFloat(
                        ByteBuffer.wrap(left).getDouble(),
                        ByteBuffer.wrap(right).getDouble());
            case 1042 -> Arrays.equals(left, 0, withoutTrailingBlanks(left), right, 0, withoutTrailingBlanks(right));
            case 1700 ->
                BinaryNumeric.isFinite(left)
                        && BinaryNumeric.isFinite(right)
                        && new BigDecimal(BinaryNumeric.text(left)).compareTo(new BigDecimal(BinaryNumeric.text(right)))
                                == 0;
            case 3802 -> JsonValues.same(printed(oid, left), printed(oid, right));
            default -> false;
        };
    }

    private static boolean sameFloat(double left, double right) {
        return left == right || (Double.isNaN(left) && Double.isNaN(right));
    }

    private static int withoutTrailingBlanks(byte[] field) {
        int length = field.length;
        while (length > 0 && field[length - 1] == ' ') {
            length--;
        }
        return length;
    }

    private static String character(byte[] field) {
        if (field[0] == 0) {
            return "";
        }
        return field[0] > 0 ? Character.toString(field[0]) : "\\" + Integer.toOctalString(Byte.toUnsignedInt(field[0]));
    }

    private static String uuid(byte[] field) {
        ByteBuffer bytes = ByteBuffer.wrap(field);
        return new UUID(bytes.getLong(), bytes.getLong()).toString();
    }

    private static String hex(byte[] field) {
        return "\\x" + HexFormat.of().formatHex(field);
    }
}
