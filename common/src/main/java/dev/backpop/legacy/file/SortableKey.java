package dev.backpop.legacy.file;

import dev.backpop.row.BinaryEncoder;
import dev.backpop.row.BinaryValues;
import dev.backpop.row.Key;
import dev.backpop.row.KeyShape;
import dev.backpop.row.KeyType;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Keys as bytes whose unsigned order is the keys' order. Immutable and thread-safe. */
final class SortableKey implements Comparator<Key> {
    private final KeyShape shape;

    SortableKey(KeyShape shape) {
        this.shape = shape;
    }

    /** @throws IllegalArgumentException when the key holds text that PostgreSQL cannot store */
    byte[] encode(Key key) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < shape.types().size(); i++) {
            byte[] part =
                    BinaryEncoder.encode(oid(shape.types().get(i)), key.parts().get(i));
            switch (shape.types().get(i)) {
                case INTEGER, DATE -> part[0] ^= (byte) 0x80;
                case TEXT, UUID -> {}
            }
            bytes.writeBytes(part);
            if (shape.types().get(i) == KeyType.TEXT) {
                // Text holds no zero byte, so a zero ends it and orders it before every longer text.
                bytes.write(0);
            }
        }
        return bytes.toByteArray();
    }

    @Override
    public int compare(Key left, Key right) {
        return shape.compare(left, right);
    }

    Key decode(byte[] bytes) {
        List<String> parts = new ArrayList<>();
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        for (KeyType type : shape.types()) {
            if (type == KeyType.TEXT) {
                int end = rest.position();
                while (bytes[end] != 0) {
                    end++;
                }
                parts.add(new String(bytes, rest.position(), end - rest.position(), StandardCharsets.UTF_8));
                rest.position(end + 1);
                continue;
            }
            byte[] part = new byte[type == KeyType.INTEGER ? 8 : type == KeyType.DATE ? 4 : 16];
            rest.get(part);
            if (type != KeyType.UUID) {
                part[0] ^= (byte) 0x80;
            }
            parts.add(BinaryValues.text(oid(type), part));
        }
        return new Key(parts);
    }

    private static int oid(KeyType type) {
        return switch (type) {
            case INTEGER -> 20;
            case TEXT -> 25;
            case UUID -> 2950;
            case DATE -> 1082;
        };
    }
}
