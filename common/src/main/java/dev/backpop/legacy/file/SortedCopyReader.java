package dev.backpop.legacy.file;

import dev.backpop.legacy.record.SortableKey;
import dev.backpop.legacy.record.SortedRecord;
import dev.backpop.row.Key;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** Looks records up in a sorted copy, by number (from 0) and by key. Not thread-safe; holds one small buffer. */
final class SortedCopyReader implements Closeable {
    /** Enough for most keys, which is all that a search looks at. */
    private static final int SEARCH_BYTES = 256;

    private static final int SCAN_BYTES = 1 << 16;

    private final FileChannel data;
    private final FileChannel offsets;
    private final SortableKey keys;
    private final long count;
    private ByteBuffer window = ByteBuffer.allocate(0);
    private long windowStart;

    SortedCopyReader(Path data, Path offsets, SortableKey keys) throws IOException {
        this.keys = keys;
        this.data = FileChannel.open(data);
        try {
            this.offsets = FileChannel.open(offsets);
        } catch (IOException e) {
            this.data.close();
            throw e;
        }
        count = this.offsets.size() / Long.BYTES;
    }

    long count() {
        return count;
    }

    /** The number of the first record, at {@code low} or after, whose key is not below this one. */
    long firstAtLeast(Key key, long low) throws IOException {
        return search(keys.encode(key), low, 0);
    }

    /** The number of the first record whose key is above this one. */
    long firstAbove(Key key) throws IOException {
        return search(keys.encode(key), 0, 1);
    }

    private long search(byte[] wanted, long from, int least) throws IOException {
        long low = from;
        long high = count;
        while (low < high) {
            long middle = low + (high - low) / 2;
            if (Arrays.compareUnsigned(keyBytes(offset(middle), SEARCH_BYTES), wanted) < least) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    Key key(long number) throws IOException {
        return keys.decode(keyBytes(offset(number), SEARCH_BYTES));
    }

    /** One record. */
    record Found(Key key, String document) {}

    Found record(long number) throws IOException {
        long offset = offset(number);
        byte[] key = keyBytes(offset, SCAN_BYTES);
        int length = bytes(offset, SortedRecord.HEAD, SCAN_BYTES).getInt(Integer.BYTES);
        byte[] document = new byte[length];
        bytes(offset + SortedRecord.HEAD + key.length, length, SCAN_BYTES).get(document);
        return new Found(keys.decode(key), new String(document, StandardCharsets.UTF_8));
    }

    private byte[] keyBytes(long offset, int ahead) throws IOException {
        byte[] key = new byte[bytes(offset, SortedRecord.HEAD, ahead).getInt(0)];
        bytes(offset + SortedRecord.HEAD, key.length, ahead).get(key);
        return key;
    }

    private long offset(long number) throws IOException {
        ByteBuffer offset = ByteBuffer.allocate(Long.BYTES);
        fill(offsets, offset, number * Long.BYTES, Long.BYTES);
        return offset.getLong(0);
    }

    /** Bytes of the data file, out of the window when they are in it; otherwise the window moves there. */
    private ByteBuffer bytes(long position, int length, int ahead) throws IOException {
        if (position < windowStart || position + length > windowStart + window.limit()) {
            window = ByteBuffer.allocate(Math.max(length, ahead));
            fill(data, window, position, length);
            window.flip();
            windowStart = position;
        }
        return window.slice((int) (position - windowStart), length);
    }

    private static void fill(FileChannel channel, ByteBuffer buffer, long position, int least) throws IOException {
        while (buffer.position() < least) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new IOException(
                        "the sorted copy is damaged: delete it from the scratch directory", new EOFException());
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (data;
                offsets) {
            window = ByteBuffer.allocate(0);
        }
    }
}
