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
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What was fetched of one chunk, kept in files until all of it is there: then it comes out in key order, each key once. What
 * was found of a key counts before anything that was said of it. Many threads may add; the rest is for one. Close it to
 * remove its files.
 */
final class Spool implements AutoCloseable {
    private static final long RUN_BYTES = 8L << 20;
    private static final char FOUND = 0;
    private static final long AFTER_ALL_FOUND = 1L << 62;

    private final Path folder;
    private final SortableKey keys;
    private final ExternalSort sort;
    private final Object lock = new Object();
    private long added;

    /** @param scratch where its folder is made */
    Spool(Path scratch, KeyShape shape) {
        keys = new SortableKey(shape);
        try {
            Files.createDirectories(scratch);
            folder = Files.createTempDirectory(scratch, "chunk-");
        } catch (IOException e) {
            throw unavailable(e);
        }
        sort = new ExternalSort(folder, "run.", RUN_BYTES);
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
            try {
                sort.add(new SortedRecord(keys.encode(key), place + added++, bytes));
            } catch (IOException e) {
                throw unavailable(e);
            }
        }
    }

    /** Gives everything out in key order, once. */
    void deliver(BiConsumer<Key, String> found, Consumer<FailedRow> failed) {
        byte[][] last = new byte[1][];
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(sorted()), 1 << 16))) {
            sort.sorted(record -> {
                if (Arrays.equals(last[0], record.key())) {
                    return;
                }
                last[0] = record.key();
                record.write(out);
            });
        } catch (IOException e) {
            throw unavailable(e);
        }
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
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(sorted()), 1 << 16))) {
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

    private Path sorted() {
        return folder.resolve("sorted");
    }

    private static LegacyUnavailableException unavailable(IOException cause) {
        return new LegacyUnavailableException(
                "what Reddit answered cannot be kept in the scratch folder: "
                        + cause.getClass().getSimpleName() + " " + cause.getMessage(),
                cause);
    }

    @Override
    public void close() {
        try {
            sort.close();
            Files.deleteIfExists(sorted());
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw unavailable(e);
        }
    }
}
