package dev.backpop.legacy.record;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * A record with its key, as it lies in sorted files: length of the key, length of the document, line, key, document.
 *
 * @param key in the form of {@link SortableKey}
 * @param document JSON text in UTF-8
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared as a value, and written as it is.
public record SortedRecord(byte[] key, long line, byte[] document) implements Comparable<SortedRecord> {
    /** The bytes before the key. */
    public static final int HEAD = 16;

    /** What an object of this kind costs beside its bytes, roughly. */
    private static final int OVERHEAD = 80;

    public void write(DataOutputStream out) throws IOException {
        out.writeInt(key.length);
        out.writeInt(document.length);
        out.writeLong(line);
        out.write(key);
        out.write(document);
    }

    /** Reads what {@link #write} wrote. */
    public static SortedRecord read(DataInputStream in) throws IOException {
        byte[] key = new byte[in.readInt()];
        byte[] document = new byte[in.readInt()];
        long line = in.readLong();
        in.readFully(key);
        in.readFully(document);
        return new SortedRecord(key, line, document);
    }

    /** The bytes that it takes in a file. */
    public long length() {
        return (long) HEAD + key.length + document.length;
    }

    long heapBytes() {
        return OVERHEAD + length();
    }

    @Override
    public int compareTo(SortedRecord other) {
        int order = Arrays.compareUnsigned(key, other.key);
        return order == 0 ? Long.compare(line, other.line) : order;
    }
}
