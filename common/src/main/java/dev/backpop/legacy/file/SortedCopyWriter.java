package dev.backpop.legacy.file;

import dev.backpop.legacy.record.SortableKey;
import dev.backpop.legacy.record.SortedRecord;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes sorted records and where each begins, and notices keys that stand twice. Not thread-safe. */
final class SortedCopyWriter implements Closeable {
    private final SortableKey keys;
    private final FileProblems problems;
    private final FileOutputStream dataFile;
    private final FileOutputStream offsetsFile;
    private final DataOutputStream data;
    private final DataOutputStream offsets;
    private @Nullable SortedRecord previous;
    private long position;

    SortedCopyWriter(Path data, Path offsets, SortableKey keys, FileProblems problems) throws IOException {
        this.keys = keys;
        this.problems = problems;
        dataFile = new FileOutputStream(data.toFile());
        offsetsFile = new FileOutputStream(offsets.toFile());
        this.data = new DataOutputStream(new BufferedOutputStream(dataFile, 1 << 16));
        this.offsets = new DataOutputStream(new BufferedOutputStream(offsetsFile, 1 << 16));
    }

    void add(SortedRecord record) throws IOException {
        if (previous != null && Arrays.equals(previous.key(), record.key())) {
            problems.add(
                    record.line(),
                    "key " + keys.decode(record.key()) + " stands on line " + previous.line() + " already");
            return;
        }
        previous = record;
        offsets.writeLong(position);
        record.write(data);
        position += record.length();
    }

    /** Makes sure that all of it is on disk. */
    void finish() throws IOException {
        data.flush();
        offsets.flush();
        dataFile.getFD().sync();
        offsetsFile.getFD().sync();
    }

    @Override
    public void close() throws IOException {
        try (dataFile;
                offsetsFile) {
            data.flush();
            offsets.flush();
        }
    }
}
