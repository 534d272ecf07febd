package dev.backpop.row;

import org.jspecify.annotations.Nullable;

/**
 * One row: the value of each column of its {@link RowShape} in PostgreSQL's binary send format, null for SQL NULL. Holds
 * the arrays it is given; nobody writes to them afterwards.
 */
public final class Row {
    private final byte[] @Nullable [] fields;

    public Row(byte[] @Nullable [] fields) {
        this.fields = fields;
    }

    public int size() {
        return fields.length;
    }

    public byte @Nullable [] field(int index) {
        return fields[index];
    }

    /** The bytes this row takes in a binary COPY stream. */
    public long bytes() {
        long bytes = 2;
        for (byte[] field : fields) {
            bytes += 4 + (field == null ? 0 : field.length);
        }
        return bytes;
    }
}
