package dev.backpop.legacy.record;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A sorted file of records, read from its beginning; stands at one record at a time. Not thread-safe. */
final class Run implements Closeable {
    private final DataInputStream in;
    private long left;
    private @Nullable SortedRecord current;

    Run(Path file) throws IOException {
        left = Files.size(file);
        in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
        advance();
    }

    @Nullable
    SortedRecord current() {
        return current;
    }

    void advance() throws IOException {
        if (left == 0) {
            current = null;
            return;
        }
        current = SortedRecord.read(in);
        left -= current.length();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
