package dev.backpop.legacy.reddit;

import dev.backpop.legacy.FailedRow;
import dev.backpop.legacy.LegacyUnavailableException;
import dev.backpop.legacy.record.ExternalSort;
import dev.backpop.legacy.record.SortableKey;
import dev.backpop.legacy.record.SortedRecord;
import dev.backpop.row.Key;
import dev.backpop.row.KeyShape;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What was fetched of one chunk, kept until all of it is there, in memory or, where it is more than a few megabytes, in files:
 * then it comes out in key order, each key once. What was found of a key counts before anything that was said of it. Many
 * threads may add; the rest is for one. Close it to remove its files.
 */
final class Spool implements AutoCloseable {
    private static final long MOST_IN_MEMORY = 8L << 20;
    private static final char FOUND = 0;
    private static final long AFTER_ALL_FOUND = 1L << 62;

    /** What is beyond memory. */
    private record Filed(Path folder, ExternalSort sort) {
        Path sorted() {
            return folder.resolve("sorted");
        }
    }

    private final Path scratch;
    private final SortableKey keys;
    private final long mostInMemory;
    private final Object lock = new Object();
    private final List<SortedRecord> held = new ArrayList<>();
    private @Nullable Filed filed;
    private long heldBytes;
    private long added;
    private boolean closed;

    /** @param scratch where its folder is made when it needs one */
    Spool(Path scratch, KeyShape shape) {
        this(scratch, shape, MOST_IN_MEMORY);
    }

    /** @param mostInMemory bytes of records */
    Spool(Path scratch, KeyShape shape, long mostInMemory) {
        this.scratch = scratch;
        this.keys = new SortableKey(shape);
        this.mostInMemory = mostInMemory;
    }

    void found(Key key, String document) {
        add(key, 0, FOUND + document);
    }

    void failed(FailedRow row) {
        add(row.key(), AFTER_ALL_FOUND, row.kind().name() + "\n" + row.message());
    }

    private void add(Key key, long place, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        synchronized (lock) {
            if (closed) {
                // Of a request that outlived its chunk.
                return;
            }
            try {
                SortedRecord record = new SortedRecord(keys.encode(key), place + added++, bytes);
                Filed files = filed;
                if (files != null) {
                    files.sort().add(record);
                    return;
                }
                held.add(record);
                heldBytes += record.length();
                if (heldBytes > mostInMemory) {
                    file();
                }
            } catch (IOException e) {
                throw unavailable(e);
            }
        }
    }

    private void file() throws IOException {
        Files.createDirectories(scratch);
        Path folder = Files.createTempDirectory(scratch, "chunk-");
        Filed files = new Filed(folder, new ExternalSort(folder, "run.", mostInMemory));
        filed = files;
        for (SortedRecord record : held) {
            files.sort().add(record);
        }
        held.clear();
    }

    /** Gives everything out in key order, once. */
    void deliver(BiConsumer<Key, String> found, Consumer<FailedRow> failed) {
        sort();
        each(record -> {
            Key key = keys.decode(record.key());
            String content = content(record);
            if (content.charAt(0) == FOUND) {
                found.accept(key, content.substring(1));
            } else {
                failed.accept(new FailedRow(
                        key,
                        FailedRow.Kind.valueOf(content.substring(0, content.indexOf('\n'))),
                        null,
                        content.substring(content.indexOf('\n') + 1)));
            }
        });
    }

    private void sort() {
        byte[][] last = new byte[1][];
        Filed files = filed;
        if (files == null) {
            Collections.sort(held);
            held.removeIf(record -> isRepeated(record, last));
            return;
        }
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(files.sorted()), 1 << 16))) {
            files.sort().sorted(record -> {
                if (!isRepeated(record, last)) {
                    record.write(out);
                }
            });
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    private static boolean isRepeated(SortedRecord record, byte[][] last) {
        boolean repeated = Arrays.equals(last[0], record.key());
        last[0] = record.key();
        return repeated;
    }

    /** The documents of these keys, after they were given out. */
    Map<Key, String> documents(List<Key> wanted) {
        Set<Key> left = new HashSet<>(wanted);
        Map<Key, String> documents = new LinkedHashMap<>();
        each(record -> {
            Key key = keys.decode(record.key());
            if (left.remove(key) && record.document()[0] == FOUND) {
                documents.put(key, content(record).substring(1));
            }
        });
        return documents;
    }

    private static String content(SortedRecord record) {
        return new String(record.document(), StandardCharsets.UTF_8);
    }

    private void each(Consumer<SortedRecord> consumer) {
        Filed files = filed;
        if (files == null) {
            held.forEach(consumer);
            return;
        }
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(files.sorted()), 1 << 16))) {
            for (SortedRecord record = next(in); record != null; record = next(in)) {
                consumer.accept(record);
            }
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    private static @Nullable SortedRecord next(DataInputStream in) throws IOException {
        in.mark(1);
        if (in.read() < 0) {
            return null;
        }
        in.reset();
        return SortedRecord.read(in);
    }

    private static LegacyUnavailableException unavailable(IOException cause) {
        return new LegacyUnavailableException(
                "what Reddit answered cannot be kept in the scratch folder: "
                        + cause.getClass().getSimpleName() + " " + cause.getMessage(),
                cause);
    }

    @Override
    public void close() {
        Filed files;
        synchronized (lock) {
            closed = true;
            held.clear();
            files = filed;
        }
        if (files == null) {
            return;
        }
        try {
            files.sort().close();
            Files.deleteIfExists(files.sorted());
            Files.deleteIfExists(files.folder());
        } catch (IOException e) {
            throw unavailable(e);
        }
    }
}
