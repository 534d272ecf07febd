package dev.backpop.row;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.UUID;

/**
 * Reads values in PostgreSQL's binary send format.
 *
 * <p>Source: the {@code *send} functions of PostgreSQL's types, stable across its supported versions.
 */
final class BinaryValues {
    private static final LocalDate EPOCH = LocalDate.of(2000, 1, 1);

    private BinaryValues() {}

    /**
     * The canonical text of a key column.
     *
     * @throws IllegalArgumentException when the type cannot be a key column
     */
    static String keyText(int oid, byte[] field) {
        return switch (oid) {
            case 21 -> Short.toString(ByteBuffer.wrap(field).getShort());
            case 23 -> Integer.toString(ByteBuffer.wrap(field).getInt());
            case 20 -> Long.toString(ByteBuffer.wrap(field).getLong());
            case 25, 1043 -> new String(field, StandardCharsets.UTF_8);
            case 2950 -> {
                ByteBuffer bytes = ByteBuffer.wrap(field);
                yield new UUID(bytes.getLong(), bytes.getLong()).toString();
            }
            case 1082 -> EPOCH.plusDays(ByteBuffer.wrap(field).getInt()).toString();
            default -> throw new IllegalArgumentException("type " + oid + " cannot be a key column");
        };
    }
}
