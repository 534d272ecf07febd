package dev.backpop.legacy.file;

import dev.backpop.legacy.FailedRow;
import dev.backpop.legacy.LegacyEntity;
import dev.backpop.legacy.file.expected.ExpectedRecord;
import dev.backpop.legacy.file.expected.UnreadableRecordException;
import dev.backpop.legacy.record.RowBatch;
import dev.backpop.legacy.record.RowEncoder;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One entity in a file, read through its sorted copy. Thread-safe. */
final class FileEntity implements LegacyEntity {
    private final SortedCopy copy;
    private final RowEncoder encoder;
    private final ExpectedRecord expected;

    FileEntity(SortedCopy copy, RowEncoder encoder, ExpectedRecord expected) {
        this.copy = copy;
        this.encoder = encoder;
        this.expected = expected;
    }

    @Override
    public Optional<Key> lastKey(@Nullable Key from, @Nullable Key to) {
        return copy.read(reader -> {
            long end = to == null ? reader.count() : reader.firstAbove(to);
            long start = from == null ? 0 : reader.firstAtLeast(from, 0);
            return start < end ? Optional.of(reader.key(end - 1)) : Optional.empty();
        });
    }

    @Override
    public Optional<Long> estimatedKeys() {
        return Optional.of(copy.read(SortedCopyReader::count));
    }

    /** Record by record and by the keys' own order, not by the places at which the enumeration looks keys up. */
    @Override
    public long count(@Nullable Key from, @Nullable Key to, @Nullable Key upTo) {
        return copy.read(reader -> {
            long counted = 0;
            for (long number = 0; number < reader.count(); number++) {
                Key key = reader.key(number);
                boolean within = (from == null || copy.compare(key, from) >= 0)
                        && (to == null || copy.compare(key, to) <= 0)
                        && (upTo == null || copy.compare(key, upTo) <= 0);
                counted += within ? 1 : 0;
            }
            return counted;
        });
    }

    @Override
    public void keys(@Nullable Key from, @Nullable Key after, Key upTo, long limit, Consumer<Key> consumer) {
        copy.scan(reader -> {
            long start = Math.max(
                    from == null ? 0 : reader.firstAtLeast(from, 0), after == null ? 0 : reader.firstAbove(after));
            long end = reader.firstAbove(upTo);
            for (long number = start; number < end && number - start < limit; number++) {
                consumer.accept(reader.key(number));
            }
        });
    }

    @Override
    public List<FailedRow> fetch(KeySelection selection, Consumer<List<Row>> rows) {
        List<FailedRow> failed = new ArrayList<>();
        RowBatch batch = new RowBatch(rows);
        read(selection, found -> {
            Row row = encoder.encode(found.key(), found.document(), failed::add);
            if (row != null) {
                batch.add(row);
            }
        });
        batch.flush();
        return failed;
    }

    @Override
    public List<FailedRow> expect(KeySelection selection, Consumer<List<Row>> rows) {
        List<FailedRow> failed = new ArrayList<>();
        RowBatch batch = new RowBatch(rows);
        read(selection, found -> {
            Row row;
            try {
                row = expected.row(found.document());
            } catch (UnreadableRecordException e) {
                failed.add(new FailedRow(found.key(), null, String.valueOf(e.getMessage())));
                return;
            }
            batch.add(row);
        });
        batch.flush();
        return failed;
    }

    @Override
    public Map<Key, String> documents(List<Key> keys) {
        Map<Key, String> documents = new LinkedHashMap<>();
        read(new KeySelection.Keys(keys), found -> documents.put(found.key(), found.document()));
        return documents;
    }

    private void read(KeySelection selection, Consumer<SortedCopyReader.Found> consumer) {
        copy.scan(reader -> {
            if (selection instanceof KeySelection.Range range) {
                readRange(reader, range, consumer);
            } else if (selection instanceof KeySelection.Keys keys) {
                readKeys(reader, keys.keys(), consumer);
            }
        });
    }

    private static void readRange(
            SortedCopyReader reader, KeySelection.Range range, Consumer<SortedCopyReader.Found> consumer)
            throws IOException {
        Key from = range.from();
        Key after = range.after();
        Key last = range.last();
        long start = from == null ? 0 : reader.firstAtLeast(from, 0);
        long end = last == null ? reader.count() : reader.firstAbove(last);
        for (long number = after == null ? start : Math.max(start, reader.firstAbove(after)); number < end; number++) {
            consumer.accept(reader.record(number));
        }
    }

    private void readKeys(SortedCopyReader reader, List<Key> keys, Consumer<SortedCopyReader.Found> consumer)
            throws IOException {
        long number = 0;
        for (Key key : copy.inOrder(keys)) {
            number = reader.firstAtLeast(key, number);
            if (number < reader.count() && reader.key(number).equals(key)) {
                consumer.accept(reader.record(number));
            }
        }
    }
}
