package dev.backpop.legacy.record;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sorts more records than fit into memory: sorts runs of a bounded number of bytes, writes them to files, and merges these
 * a bounded number at a time. Not thread-safe; close it to remove its files.
 */
public final class ExternalSort implements Closeable {
    private static final int MERGED_AT_ONCE = 64;

    /** What takes the sorted records. */
    public interface Sink {
        void accept(SortedRecord record) throws IOException;
    }

    private final Path directory;
    private final String name;
    private final long runBytes;
    private final List<SortedRecord> held = new ArrayList<>();
    private final List<Path> runs = new ArrayList<>();
    private long heldBytes;
    private int made;

    /**
     * @param name of the run files, before a number
     * @param runBytes how many bytes of records are held in memory
     */
    public ExternalSort(Path directory, String name, long runBytes) {
        this.directory = directory;
        this.name = name;
        this.runBytes = runBytes;
    }

    public void add(SortedRecord record) throws IOException {
        held.add(record);
        heldBytes += record.heapBytes();
        if (heldBytes >= runBytes) {
            flush();
        }
    }

    /** Gives every record to the sink in order; of equal keys, the one on the earlier line first. */
    public void sorted(Sink sink) throws IOException {
        if (runs.isEmpty()) {
            Collections.sort(held);
            for (SortedRecord record : held) {
                sink.accept(record);
            }
            held.clear();
            return;
        }
        flush();
        while (runs.size() > MERGED_AT_ONCE) {
            List<Path> merged = List.copyOf(runs.subList(0, MERGED_AT_ONCE));
            Path run = nextRun();
            try (DataOutputStream out = output(run)) {
                merge(merged, record -> record.write(out));
            }
            runs.removeAll(merged);
            for (Path done : merged) {
                Files.delete(done);
            }
        }
        merge(runs, sink);
    }

    private void flush() throws IOException {
        if (held.isEmpty()) {
            return;
        }
        Collections.sort(held);
        try (DataOutputStream out = output(nextRun())) {
            for (SortedRecord record : held) {
                record.write(out);
            }
        }
        held.clear();
        heldBytes = 0;
    }

    private Path nextRun() {
        Path run = directory.resolve(name + made++);
        runs.add(run);
        return run;
    }

    private static DataOutputStream output(Path run) throws IOException {
        return new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(run), 1 << 16));
    }

    private static void merge(List<Path> files, Sink sink) throws IOException {
        List<Run> open = new ArrayList<>();
        try {
            // Keyed by the record that each run stands at: no two are equal, because their lines differ.
            TreeMap<SortedRecord, Run> next = new TreeMap<>();
            for (Path file : files) {
                Run run = new Run(file);
                open.add(run);
                enter(next, run);
            }
            for (Map.Entry<SortedRecord, Run> entry = next.pollFirstEntry();
                    entry != null;
                    entry = next.pollFirstEntry()) {
                sink.accept(entry.getKey());
                entry.getValue().advance();
                enter(next, entry.getValue());
            }
        } finally {
            for (Run run : open) {
                run.close();
            }
        }
    }

    private static void enter(Map<SortedRecord, Run> next, Run run) {
        SortedRecord current = run.current();
        if (current != null) {
            next.put(current, run);
        }
    }

    @Override
    public void close() throws IOException {
        for (Path run : runs) {
            Files.deleteIfExists(run);
        }
    }
}
