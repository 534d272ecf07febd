package dev.backpop.row;

import java.math.BigDecimal;
import java.nio.ByteBuffer;

/**
 * {@code numeric} in its send format: four 16-bit words (how many digits, the weight of the first, the sign, the decimals
 * shown), then the digits to base 10,000.
 */
final class BinaryNumeric {
    /** As PostgreSQL bounds it: digits before and after the decimal point. */
    private static final int MOST_BEFORE = 131_072;

    private static final int MOST_AFTER = 16_383;
    private static final int NEGATIVE = 0x4000;
    private static final int NAN = 0xC000;
    private static final int INFINITY = 0xD000;
    private static final int MINUS_INFINITY = 0xF000;

    private BinaryNumeric() {}

    static boolean isFinite(byte[] field) {
        int sign = Short.toUnsignedInt(ByteBuffer.wrap(field).getShort(4));
        return sign == 0 || sign == NEGATIVE;
    }

    static String text(byte[] field) {
        ByteBuffer bytes = ByteBuffer.wrap(field);
        int count = bytes.getShort();
        int weight = bytes.getShort();
        int sign = Short.toUnsignedInt(bytes.getShort());
        int decimals = bytes.getShort();
        if (!isFinite(field)) {
            return sign == NAN ? "NaN" : sign == INFINITY ? "Infinity" : "-Infinity";
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i <= weight; i++) {
            appendDigit(text, i < count ? bytes.getShort() : 0);
        }
        int lead = 0;
        while (lead < text.length() && text.charAt(lead) == '0') {
            lead++;
        }
        text.delete(0, lead);
        if (text.isEmpty()) {
            text.append('0');
        }
        if (decimals > 0) {
            text.append('.');
            int end = text.length() + decimals;
            for (int i = weight + 1; text.length() < end; i++) {
                appendDigit(text, i >= 0 && i < count ? bytes.getShort() : 0);
            }
            text.setLength(end);
        }
        return sign == NEGATIVE ? text.insert(0, '-').toString() : text.toString();
    }

    private static void appendDigit(StringBuilder text, int digit) {
        String digits = Integer.toString(digit);
        text.append("0000", digits.length(), 4).append(digits);
    }

    static byte[] notANumber() {
        return special(NAN);
    }

    static byte[] infinity(boolean negative) {
        return special(negative ? MINUS_INFINITY : INFINITY);
    }

    private static byte[] special(int sign) {
        return ByteBuffer.allocate(8)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) sign)
                .putShort((short) 0)
                .array();
    }

    /** @throws UnencodableValueException when PostgreSQL's numeric does not reach so far */
    static byte[] encode(BigDecimal value, String text) {
        if (value.scale() > MOST_AFTER
                || (value.signum() != 0 && (long) value.precision() - value.scale() > MOST_BEFORE)) {
            throw UnencodableValueException.outOfRange("numeric", text);
        }
        BigDecimal scaled =
                value.signum() == 0 && value.scale() < 0 ? BigDecimal.ZERO : value.setScale(Math.max(0, value.scale()));
        String plain = scaled.abs().toPlainString();
        int point = plain.indexOf('.');
        String before = point < 0 ? plain : plain.substring(0, point);
        String after = point < 0 ? "" : plain.substring(point + 1);
        String digits =
                "0".repeat((4 - before.length() % 4) % 4) + before + after + "0".repeat((4 - after.length() % 4) % 4);
        int weight = (before.length() + 3) / 4 - 1;
        int first = 0;
        int last = digits.length() / 4;
        while (first < last && digits.startsWith("0000", first * 4)) {
            first++;
        }
        while (last > first && digits.startsWith("0000", (last - 1) * 4)) {
            last--;
        }
        boolean zero = first == last;
        ByteBuffer field = ByteBuffer.allocate(8 + 2 * (last - first))
                .putShort((short) (last - first))
                .putShort((short) (zero ? 0 : weight - first))
                .putShort((short) (value.signum() < 0 ? NEGATIVE : 0))
                .putShort((short) scaled.scale());
        for (int i = first; i < last; i++) {
            field.putShort(Short.parseShort(digits.substring(i * 4, i * 4 + 4)));
        }
        return field.array();
    }
}
