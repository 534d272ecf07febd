package dev.backpop.row;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Ranges and multiranges in their send format: a byte of flags, then each bound that there is, with its length. */
final class BinaryRange {
    private static final Map<Integer, Integer> BOUND_TYPES =
            Map.of(3904, 23, 3906, 1700, 3908, 1114, 3910, 1184, 3912, 1082, 3926, 20);
    private static final Map<Integer, Integer> RANGE_TYPES =
            Map.of(4451, 3904, 4532, 3906, 4533, 3908, 4534, 3910, 4535, 3912, 4536, 3926);
    private static final int EMPTY = 0x01;
    private static final int LOWER_INCLUSIVE = 0x02;
    private static final int UPPER_INCLUSIVE = 0x04;
    private static final int LOWER_INFINITE = 0x08;
    private static final int UPPER_INFINITE = 0x10;

    private BinaryRange() {}

    static boolean isRange(int oid) {
        return BOUND_TYPES.containsKey(oid) || RANGE_TYPES.containsKey(oid);
    }

    static String text(int oid, byte[] field) {
        if (RANGE_TYPES.containsKey(oid)) {
            int range = RANGE_TYPES.getOrDefault(oid, 0);
            return parts(field).stream().map(part -> text(range, part)).collect(Collectors.joining(",", "{", "}"));
        }
        int flags = field[0];
        if ((flags & EMPTY) != 0) {
            return "empty";
        }
        List<byte @Nullable []> bounds = bounds(field);
        return ((flags & LOWER_INCLUSIVE) != 0 ? "[" : "(")
                + bound(oid, bounds.get(0))
                + ","
                + bound(oid, bounds.get(1))
                + ((flags & UPPER_INCLUSIVE) != 0 ? "]" : ")");
    }

    /** Equal for ranges of the same flags whose bounds are the same values. */
    static Object exact(int oid, byte[] field) {
        if (RANGE_TYPES.containsKey(oid)) {
            int range = RANGE_TYPES.getOrDefault(oid, 0);
            return parts(field).stream().map(part -> exact(range, part)).toList();
        }
        int type = BOUND_TYPES.getOrDefault(oid, 0);
        List<byte @Nullable []> bounds = bounds(field);
        return List.of((int) field[0], ExactValue.of(type, bounds.get(0)), ExactValue.of(type, bounds.get(1)));
    }

    private static List<byte @Nullable []> bounds(byte[] field) {
        ByteBuffer bytes = ByteBuffer.wrap(field);
        int flags = bytes.get();
        boolean empty = (flags & EMPTY) != 0;
        List<byte @Nullable []> bounds = new ArrayList<>();
        bounds.add(empty || (flags & LOWER_INFINITE) != 0 ? null : next(bytes));
        bounds.add(empty || (flags & UPPER_INFINITE) != 0 ? null : next(bytes));
        return bounds;
    }

    private static List<byte[]> parts(byte[] field) {
        ByteBuffer bytes = ByteBuffer.wrap(field);
        List<byte[]> parts = new ArrayList<>();
        for (int count = bytes.getInt(); count > 0; count--) {
            parts.add(next(bytes));
        }
        return parts;
    }

    private static byte[] next(ByteBuffer bytes) {
        byte[] value = new byte[bytes.getInt()];
        bytes.get(value);
        return value;
    }

    private static String bound(int oid, byte @Nullable [] bound) {
        if (bound == null) {
            return "";
        }
        String text = BinaryValues.printed(BOUND_TYPES.getOrDefault(oid, 0), bound);
        boolean quoted = text.chars().anyMatch(c -> "\"\\()[], ".indexOf(c) >= 0);
        return quoted ? '"' + text + '"' : text;
    }
}
