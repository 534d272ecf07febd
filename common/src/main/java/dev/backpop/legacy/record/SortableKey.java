package dev.backpop.legacy.record;

import dev.backpop.row.BinaryEncoder;
import dev.backpop.row.ColumnType;
import dev.backpop.row.Key;
import dev.backpop.row.KeyShape;
import dev.backpop.row.KeyType;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/** Keys as bytes whose unsigned order is the keys' order. Immutable and thread-safe. */
public final class SortableKey implements Comparator<Key> {
    private static final int UUID_OID = 2950;

    private final KeyShape shape;

    public SortableKey(KeyShape shape) {
        this.shape = shape;
    }

    /** @throws IllegalArgumentException when the key holds text that PostgreSQL cannot store */
    public byte[] encode(Key key) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < shape.types().size(); i++) {
            String part = key.parts().get(i);
            switch (shape.types().get(i)) {
                case INTEGER -> bytes.writeBytes(number(Long.parseLong(part)));
                case DATE -> bytes.writeBytes(number(LocalDate.parse(part).toEpochDay()));
                case UUID -> bytes.writeBytes(BinaryEncoder.encode(UUID_OID, part));
                case TEXT -> {
                    bytes.writeBytes(BinaryEncoder.encode(ColumnType.TEXT_OID, part));
                    // Text holds no zero byte, so a zero ends it and orders it before every longer text.
                    bytes.write(0);
                }
            }
        }
        return bytes.toByteArray();
    }

    /** The sign bit is turned over, so that negative numbers come first. */
    private static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value ^ Long.MIN_VALUE).array();
    }

    public Key decode(byte[] bytes) {
        List<String> parts = new ArrayList<>();
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        for (KeyType type : shape.types()) {
            parts.add(
                    switch (type) {
                        case INTEGER -> Long.toString(rest.getLong() ^ Long.MIN_VALUE);
                        case DATE ->
                            LocalDate.ofEpochDay(rest.getLong() ^ Long.MIN_VALUE)
                                    .toString();
                        case UUID -> new UUID(rest.getLong(), rest.getLong()).toString();
                        case TEXT -> text(rest);
                    });
        }
        return new Key(parts);
    }

    private static String text(ByteBuffer rest) {
        int length = 0;
        while (rest.get(rest.position() + length) != 0) {
            length++;
        }
        byte[] text = new byte[length];
        rest.get(text);
        rest.get();
        return new String(text, StandardCharsets.UTF_8);
    }

    @Override
    public int compare(Key left, Key right) {
        return shape.compare(left, right);
    }
}
