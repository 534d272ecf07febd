package dev.backpop.row;

import java.nio.ByteBuffer;
import java.util.Set;

/** Arrays in their send format: how many dimensions, flags, the element type, length and lower bound of each dimension. */
final class BinaryArray {
    private static final Set<Integer> ARRAYS = Set.of(
            143, 199, 1000, 1001, 1002, 1003, 1005, 1007, 1009, 1014, 1015, 1016, 1021, 1022, 1028, 1115, 1182, 1183,
            1185, 1187, 1231, 1270, 2951, 3807);

    private BinaryArray() {}

    static boolean isArray(int oid) {
        return ARRAYS.contains(oid);
    }

    static String text(byte[] field) {
        ByteBuffer bytes = ByteBuffer.wrap(field);
        int dimensions = bytes.getInt();
        bytes.getInt();
        int element = bytes.getInt();
        if (dimensions == 0) {
            return "{}";
        }
        int[] lengths = new int[dimensions];
        StringBuilder bounds = new StringBuilder();
        boolean shifted = false;
        for (int i = 0; i < dimensions; i++) {
            lengths[i] = bytes.getInt();
            int lower = bytes.getInt();
            shifted |= lower != 1;
            bounds.append('[')
                    .append(lower)
                    .append(':')
                    .append(lower + lengths[i] - 1)
                    .append(']');
        }
        StringBuilder text = new StringBuilder();
        if (shifted) {
            text.append(bounds).append('=');
        }
        append(text, bytes, element, lengths, 0);
        return text.toString();
    }

    private static void append(StringBuilder text, ByteBuffer bytes, int element, int[] lengths, int dimension) {
        text.append('{');
        for (int i = 0; i < lengths[dimension]; i++) {
            if (i > 0) {
                text.append(',');
            }
            if (dimension + 1 < lengths.length) {
                append(text, bytes, element, lengths, dimension + 1);
                continue;
            }
            int length = bytes.getInt();
            if (length < 0) {
                text.append("NULL");
            } else {
                byte[] value = new byte[length];
                bytes.get(value);
                appendQuoted(text, BinaryValues.printed(element, value));
            }
        }
        text.append('}');
    }

    private static void appendQuoted(StringBuilder text, String value) {
        if (!needsQuotes(value)) {
            text.append(value);
            return;
        }
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\');
            }
            text.append(c);
        }
        text.append('"');
    }

    private static boolean needsQuotes(String value) {
        return value.isEmpty()
                || value.equalsIgnoreCase("null")
                || value.chars().anyMatch(c -> "{},\"\\ \t\n\r\f\u000B".indexOf(c) >= 0);
    }
}
