package dev.backpop.legacy.file;

import dev.backpop.legacy.record.SortableKey;
import dev.backpop.row.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * A file's records in key order: one file of records, and one of 8 bytes a record that says where each begins. Thread-safe:
 * every reader opens the files for itself, so that an interrupted thread closes nobody else's.
 */
final class SortedCopy {
    private final Path source;
    private final Path data;
    private final Path offsets;
    private final SortableKey keys;

    SortedCopy(Path source, Path data, Path offsets, SortableKey keys) {
        this.source = source;
        this.data = data;
        this.offsets = offsets;
        this.keys = keys;
    }

    /** A piece of reading. */
    interface Reading<T> {
        T from(SortedCopyReader reader) throws IOException;
    }

    <T> T read(Reading<T> reading) {
        return FileErrors.named(source, () -> {
            try (SortedCopyReader reader = new SortedCopyReader(data, offsets, keys)) {
                return reading.from(reader);
            }
        });
    }

    /** A piece of reading that gives its results on as it goes. */
    interface Scan {
        void over(SortedCopyReader reader) throws IOException;
    }

    void scan(Scan scan) {
        read(reader -> {
            scan.over(reader);
            return true;
        });
    }

    /** By value, as the keys' types order them. */
    int compare(Key left, Key right) {
        return keys.compare(left, right);
    }

    /** These keys, each once, in the order of the copy. */
    List<Key> inOrder(List<Key> unordered) {
        return unordered.stream().distinct().sorted(keys).toList();
    }

    /** Whether both files are there; the one of offsets is the last to get its name. */
    boolean exists() {
        return Files.exists(offsets) && Files.exists(data);
    }

    void adopt(Path finishedData, Path finishedOffsets) throws IOException {
        // Offsets whose records somebody deleted would otherwise belong to the new records for a moment.
        Files.deleteIfExists(offsets);
        Files.move(finishedData, data, StandardCopyOption.ATOMIC_MOVE);
        Files.move(finishedOffsets, offsets, StandardCopyOption.ATOMIC_MOVE);
    }
}
