package dev.backpop.legacy.file;

import dev.backpop.legacy.LegacyUnavailableException;
import dev.backpop.legacy.record.ExternalSort;
import dev.backpop.legacy.record.JsonFields;
import dev.backpop.legacy.record.SortableKey;
import dev.backpop.legacy.record.SortedRecord;
import dev.backpop.plan.From;
import dev.backpop.row.Key;
import dev.backpop.row.KeyShape;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Finds or makes the sorted copy of a file. Of all threads and processes that want the same copy, one makes it. */
final class SortedCopyBuilder {
    /** Part of the name of every copy: to be raised when the files' layout changes. */
    private static final String LAYOUT = "1";

    /** A file lock excludes other processes, and these objects the other threads of this one. */
    private static final ConcurrentHashMap<Path, Object> THREADS = new ConcurrentHashMap<>();

    private final Path scratch;
    private final Path file;
    private final From.Records records;
    private final List<String> keyFields;
    private final KeyShape shape;
    private final long runBytes;
    private final SortableKey keys;

    SortedCopyBuilder(
            Path scratch, Path file, From.Records records, List<String> keyFields, KeyShape shape, long runBytes) {
        this.scratch = scratch;
        this.file = file;
        this.records = records;
        this.keyFields = keyFields;
        this.shape = shape;
        this.runBytes = runBytes;
        this.keys = new SortableKey(shape);
    }

    /**
     * The copy of the file as it is now.
     *
     * @throws dev.backpop.problem.InvalidInputException when the file is missing, or has records that do not read or have
     *     no key of their own
     * @throws LegacyUnavailableException when it cannot be read, or the copy cannot be written
     */
    SortedCopy open() {
        return FileErrors.named(file, this::openOrBuild);
    }

    private SortedCopy openOrBuild() throws IOException {
        BasicFileAttributes before = Files.readAttributes(file, BasicFileAttributes.class);
        Files.createDirectories(scratch);
        String name = "sorted-" + digest(before);
        SortedCopy copy =
                new SortedCopy(file, scratch.resolve(name + ".data"), scratch.resolve(name + ".offsets"), keys);
        Path lockFile = scratch.resolve(name + ".lock").toAbsolutePath();
        synchronized (THREADS.computeIfAbsent(lockFile, path -> new Object())) {
            if (copy.exists()) {
                return copy;
            }
            try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (lock.isValid() && !copy.exists()) {
                    build(copy, name, before);
                }
            }
        }
        return copy;
    }

    private void build(SortedCopy copy, String name, BasicFileAttributes before) throws IOException {
        FileProblems problems = new FileProblems(file);
        Path data = scratch.resolve(name + ".data.partial");
        Path offsets = scratch.resolve(name + ".offsets.partial");
        try (ExternalSort sort = new ExternalSort(scratch, name + ".run.", runBytes);
                SortedCopyWriter writer = new SortedCopyWriter(data, offsets, keys, problems)) {
            read(sort, problems);
            sort.sorted(writer::add);
            problems.throwIfAny();
            BasicFileAttributes after = Files.readAttributes(file, BasicFileAttributes.class);
            if (after.size() != before.size() || !after.lastModifiedTime().equals(before.lastModifiedTime())) {
                throw new IOException("the file changed while it was read");
            }
            writer.finish();
            copy.adopt(data, offsets);
        } finally {
            Files.deleteIfExists(data);
            Files.deleteIfExists(offsets);
        }
    }

    private void read(ExternalSort sort, FileProblems problems) throws IOException {
        JsonFields fields = new JsonFields(keyFields);
        try (RecordReader reader = RecordReader.open(file, records, problems)) {
            for (SourceRecord record = reader.next(); record != null; record = reader.next()) {
                Optional<byte[]> key = key(fields, record, problems);
                if (key.isPresent()) {
                    sort.add(new SortedRecord(
                            key.get(), record.line(), record.document().getBytes(StandardCharsets.UTF_8)));
                }
            }
        }
    }

    private Optional<byte[]> key(JsonFields fields, SourceRecord record, FileProblems problems) {
        try {
            @Nullable String[] values = fields.read(record.document());
            List<String> parts = new ArrayList<>();
            for (int i = 0; i < values.length; i++) {
                String value = values[i];
                if (value == null) {
                    problems.add(
                            record.line(), "the record has no key: field " + keyFields.get(i) + " is null or absent");
                    return Optional.empty();
                }
                parts.add(shape.types().get(i).canonical(value));
            }
            return Optional.of(keys.encode(new Key(parts)));
        } catch (JacksonException e) {
            problems.add(record.line(), "the line is not JSON: " + e.getOriginalMessage());
        } catch (IllegalArgumentException e) {
            problems.add(record.line(), String.valueOf(e.getMessage()));
        }
        return Optional.empty();
    }

    private String digest(BasicFileAttributes attributes) throws IOException {
        List<String> parts = new ArrayList<>(List.of(
                LAYOUT,
                file.toRealPath().toString(),
                Long.toString(attributes.size()),
                attributes.lastModifiedTime().toString(),
                records.format().name(),
                Boolean.toString(records.gzip()),
                shape.types().toString()));
        parts.addAll(keyFields);
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                digest.update((part.length() + ":" + part).getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
