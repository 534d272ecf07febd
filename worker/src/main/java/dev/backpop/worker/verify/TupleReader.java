package dev.backpop.worker.verify;

import dev.backpop.row.ColumnType;
import dev.backpop.row.Key;
import dev.backpop.row.KeyShape;
import dev.backpop.row.KeyType;
import dev.backpop.row.Row;
import dev.backpop.row.RowShape;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Reads rows as binary COPY sends them: compares their keys where they lie, and takes them apart. Immutable, thread-safe. */
final class TupleReader {
    private final RowShape shape;

    TupleReader(RowShape shape) {
        this.shape = shape;
    }

    /** Of rows that begin with their key, each part in the type in which keys are compared. */
    static TupleReader ofLeadingKey(KeyShape key) {
        List<RowShape.Column> columns = key.types().stream()
                .map(type ->
                        new RowShape.Column("key", new ColumnType(type.oid(), type.sqlType(), type.sqlType(), false)))
                .toList();
        return new TupleReader(
                new RowShape(columns, IntStream.range(0, columns.size()).boxed().toList(), key));
    }

    KeyShape keyShape() {
        return shape.key();
    }

    /**
     * The key.
     *
     * @throws IllegalArgumentException when a part of it is NULL
     */
    Key key(byte[] tuple) {
        return shape.keyOf(row(tuple));
    }

    Row row(byte[] tuple) {
        ByteBuffer bytes = ByteBuffer.wrap(tuple);
        byte[][] fields = new byte[bytes.getShort()][];
        for (int i = 0; i < fields.length; i++) {
            int length = bytes.getInt();
            if (length >= 0) {
                fields[i] = new byte[length];
                bytes.get(fields[i]);
            }
        }
        return new Row(fields);
    }

    /** Compares the keys of two rows in key order. */
    int compare(byte[] left, byte[] right) {
        for (int i = 0; i < shape.keyIndexes().size(); i++) {
            int index = shape.keyIndexes().get(i);
            int order = compare(shape.key().types().get(i), left, field(left, index), right, field(right, index));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /** Where a field's length stands. */
    private static int field(byte[] tuple, int index) {
        int place = 2;
        for (int i = 0; i < index; i++) {
            place += 4 + Math.max(0, int4(tuple, place));
        }
        return place;
    }

    private static int compare(KeyType type, byte[] left, int leftPlace, byte[] right, int rightPlace) {
        int leftLength = int4(left, leftPlace);
        int rightLength = int4(right, rightPlace);
        if (leftLength < 0 || rightLength < 0) {
            throw new IllegalArgumentException("a key is null");
        }
        int leftStart = leftPlace + 4;
        int rightStart = rightPlace + 4;
        return switch (type) {
            case INTEGER, DATE ->
                Long.compare(integer(left, leftStart, leftLength), integer(right, rightStart, rightLength));
            case TEXT, UUID ->
                Arrays.compareUnsigned(
                        left, leftStart, leftStart + leftLength, right, rightStart, rightStart + rightLength);
        };
    }

    private static int int4(byte[] bytes, int place) {
        return ByteBuffer.wrap(bytes).getInt(place);
    }

    private static long integer(byte[] bytes, int start, int length) {
        long value = bytes[start];
        for (int i = 1; i < length; i++) {
            value = value << 8 | Byte.toUnsignedLong(bytes[start + i]);
        }
        return value;
    }
}
