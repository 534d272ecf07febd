package dev.backpop.row;

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
            case 650, 869 -> BinaryNetwork.address(field, true);
            default -> printed(oid, field);
        };
    }

    /** What the type's output function prints, which casts to text change for three types. */
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
            case 650 -> BinaryNetwork.address(field, true);
            case 774, 829 -> BinaryNetwork.hardware(field);
            case 869 -> BinaryNetwork.address(field, false);
            case 1560, 1562 -> bits(ByteBuffer.wrap(field));
            default -> structure(oid, field);
        };
    }

    private static String structure(int oid, byte[] field) {
        if (BinaryArray.isArray(oid)) {
            return BinaryArray.text(field);
        }
        return BinaryRange.isRange(oid) ? BinaryRange.text(oid, field) : hex(field);
    }

    private static String bits(ByteBuffer field) {
        int length = field.getInt();
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((field.get(4 + i / 8) >> (7 - i % 8) & 1) == 0 ? '0' : '1');
        }
        return text.toString();
    }

    /**
     * Whether two values of one type are exactly the same. Nothing is rounded, trimmed, case-folded or normalized: texts
     * are the same when their code points are. Equal bytes are the same value, and beside them
     *
     * <ul>
     *   <li>{@code numeric} that is the same number ({@code 1.0} and {@code 1.00}), NaN only NaN;
     *   <li>floats that PostgreSQL's {@code =} calls equal: {@code -0} and {@code 0}, any two NaN;
     *   <li>{@code jsonb} that is the same value, with numbers compared exactly;
     *   <li>{@code character(n)} that differs in trailing blanks alone;
     *   <li>arrays of the same dimensions and lower bounds, ranges and multiranges, whose elements and bounds are the same.
     * </ul>
     *
     * <p>Stricter than PostgreSQL's {@code =} for intervals ({@code 1 mon} is not {@code 30 days}), alone or in arrays.
     */
    public static boolean sameValue(int oid, byte[] left, byte[] right) {
        if (Arrays.equals(left, right)) {
            return true;
        }
        return hasTwins(oid) && ExactValue.of(oid, left).equals(ExactValue.of(oid, right));
    }

    /**
     * The same bytes for the same number or {@code character(n)}, however it was spelled: 1.0 and 1.00, zero and minus zero.
     * Arrays, ranges and jsonb, whose parts may have such twins, keep theirs.
     */
    public static byte[] canonical(int oid, byte[] field) {
        return switch (oid) {
            case 700, 701, 1700 -> ExactValue.of(oid, field).toString().getBytes(StandardCharsets.UTF_8);
            case 1042 -> Arrays.copyOf(field, withoutTrailingBlanks(field));
            default -> field;
        };
    }

    /** Whether different bytes can be the same value. */
    private static boolean hasTwins(int oid) {
        return switch (oid) {
            case 700, 701, 1042, 1700, 3802 -> true;
            default -> BinaryArray.isArray(oid) || BinaryRange.isRange(oid);
        };
    }

    static int withoutTrailingBlanks(byte[] field) {
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
