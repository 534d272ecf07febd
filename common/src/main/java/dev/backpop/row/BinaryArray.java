package dev.backpop.row;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Arrays in their send format: how many dimensions, flags, the element type, length and lower bound of each dimension. */
final class BinaryArray {
    private static final Set<Integer> ARRAYS = Set.of(
            143, 199, 651, 775, 1000, 1001, 1002, 1003, 1005, 1007, 1009, 1014, 1015, 1016, 1021, 1022, 1028, 1040,
            1041, 1115, 1182, 1183, 1185, 1187, 1231, 1270, 1561, 1563, 2951, 3807, 3905, 3907, 3909, 3911, 3913, 3927,
            6150, 6151, 6152, 6153, 6155, 6157);

    private final int element;
    private final List<Integer> lengths = new ArrayList<>();
    private final List<Integer> lowerBounds = new ArrayList<>();
    private final List<byte @Nullable []> elements = new ArrayList<>();

    private BinaryArray(byte[] field) {
        ByteBuffer bytes = ByteBuffer.wrap(field);
        int dimensions = bytes.getInt();
        bytes.getInt();
        element = bytes.getInt();
        for (int i = 0; i < dimensions; i++) {
            lengths.add(bytes.getInt());
            lowerBounds.add(bytes.getInt());
        }
        while (bytes.hasRemaining()) {
            int length = bytes.getInt();
            byte[] value = length < 0 ? null : new byte[length];
            if (value != null) {
                bytes.get(value);
            }
            elements.add(value);
        }
    }

    static boolean isArray(int oid) {
        return ARRAYS.contains(oid);
    }

    static BinaryArray read(byte[] field) {
        return new BinaryArray(field);
    }

    int dimensions() {
        return lengths.size();
    }

    /** Each element, those of the last dimension next to each other, as {@link ExactValue} tells values apart. */
    List<Object> elements() {
        List<Object> values = new ArrayList<>(elements.size());
        for (byte[] value : elements) {
            values.add(ExactValue.of(element, value));
        }
        return values;
    }

    /** Equal for arrays of the same shape and bounds whose elements are the same. */
    Object exact() {
        return List.of(element, lengths, lowerBounds, elements());
    }

    static String text(byte[] field) {
        return read(field).text();
    }

    private String text() {
        if (lengths.isEmpty()) {
            return "{}";
        }
        StringBuilder text = new StringBuilder();
        if (lowerBounds.stream().anyMatch(bound -> bound != 1)) {
            for (int i = 0; i < lengths.size(); i++) {
                int lower = lowerBounds.get(i);
                text.append('[')
                        .append(lower)
                        .append(':')
                        .append(lower + lengths.get(i) - 1)
                        .append(']');
            }
            text.append('=');
        }
        append(text, 0, 0);
        return text.toString();
    }

    /** @return the index of the element after the last one appended */
    private int append(StringBuilder text, int dimension, int from) {
        int next = from;
        text.append('{');
        for (int i = 0; i < lengths.get(dimension); i++) {
            text.append(i > 0 ? "," : "");
            if (dimension + 1 < lengths.size()) {
                next = append(text, dimension + 1, next);
                continue;
            }
            byte[] value = elements.get(next++);
            if (value == null) {
                text.append("NULL");
            } else {
                appendQuoted(text, BinaryValues.printed(element, value));
            }
        }
        text.append('}');
        return next;
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
