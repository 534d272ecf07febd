package dev.backpop.compare;

import dev.backpop.row.ColumnType;
import dev.backpop.row.ExactValue;
import java.nio.ByteBuffer;

/** What the values of a column are to comparators and causes. */
enum ValueKind {
    BOOLEAN,
    NUMBER,
    TIME,
    TEXT,
    JSON,
    ARRAY,
    BYTES,
    OTHER;

    private static final byte[] EMPTY_ARRAY = ByteBuffer.allocate(12).array();

    static ValueKind of(ColumnType type) {
        return of(type.transferOid());
    }

    /** @param oid the type in which values travel */
    static ValueKind of(int oid) {
        return switch (oid) {
            case 16 -> BOOLEAN;
            case 17 -> BYTES;
            case 19, 25, 1042, 1043 -> TEXT;
            case 20, 21, 23, 700, 701, 1700 -> NUMBER;
            case 114, 3802 -> JSON;
            case 1082, 1083, 1114, 1184, 1266 -> TIME;
            default -> ExactValue.elements(oid, EMPTY_ARRAY).isPresent() ? ARRAY : OTHER;
        };
    }
}
