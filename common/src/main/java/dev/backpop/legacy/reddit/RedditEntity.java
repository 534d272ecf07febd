package dev.backpop.legacy.reddit;

import dev.backpop.legacy.FailedRow;
import dev.backpop.legacy.LegacyEntity;
import dev.backpop.legacy.file.expected.ExpectedRecord;
import dev.backpop.legacy.file.expected.UnreadableRecordException;
import dev.backpop.legacy.record.RowBatch;
import dev.backpop.legacy.record.RowEncoder;
import dev.backpop.legacy.reddit.expected.Expectation;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.KeyShape;
import dev.backpop.row.Row;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The things of one kind on a Reddit server. A chunk is asked for and kept whole before the first row of it is given on, so
 * that whoever writes rows does not wait for the server with a transaction open. Thread-safe.
 */
final class RedditEntity implements LegacyEntity {
    private final ThingSource source;
    private final boolean groups;
    private final KeyShape keys;
    private final Documents documents;
    private final RowEncoder encoder;
    private final Function<JsonNode, Expectation> expected;
    private final ExpectedRecord expectedRecord;
    private final Spools spools;

    RedditEntity(
            ThingSource source,
            boolean groups,
            KeyShape keys,
            Documents documents,
            RowEncoder encoder,
            Function<JsonNode, Expectation> expected,
            ExpectedRecord expectedRecord,
            Spools spools) {
        this.source = source;
        this.groups = groups;
        this.keys = keys;
        this.documents = documents;
        this.encoder = encoder;
        this.expected = expected;
        this.expectedRecord = expectedRecord;
        this.spools = spools;
    }

    @Override
    public Optional<Key> lastKey(@Nullable Key from, @Nullable Key to) {
        return source.lastKey(from, to);
    }

    /** The newest number: as many keys as there can be. */
    @Override
    public Optional<Long> estimatedKeys() {
        return Optional.of(source.newest());
    }

    @Override
    public boolean listsRows() {
        return false;
    }

    @Override
    public boolean keysAreGroups() {
        return groups;
    }

    @Override
    public int keysAtOnce() {
        // A group takes requests of its own.
        return groups ? 1 : ThingReader.AT_ONCE;
    }

    @Override
    public long count(@Nullable Key from, @Nullable Key to, @Nullable Key upTo) {
        throw new IllegalStateException(
                "Reddit does not tell how many things there are, other than by asking for each of them");
    }

    @Override
    public void keys(@Nullable Key from, @Nullable Key after, Key upTo, long limit, Consumer<Key> consumer) {
        source.keys(from, after, upTo, limit, consumer);
    }

    /** What becomes of a thing: a record, or why there is none. */
    private interface Reading {
        String of(ObjectNode data) throws Refusal;
    }

    /** What becomes of a record: a row; null when there is none, which the list of failed rows is told. */
    private interface Encoding {
        @Nullable
        Row of(Key key, String document, List<FailedRow> failed);
    }

    @Override
    public List<FailedRow> fetch(KeySelection selection, Consumer<List<Row>> rows) {
        return read(
                selection, documents::of, (key, document, failed) -> encoder.encode(key, document, failed::add), rows);
    }

    @Override
    public List<FailedRow> expect(KeySelection selection, Consumer<List<Row>> rows) {
        return read(selection, this::expected, this::expectedRow, rows);
    }

    private String expected(ObjectNode data) throws Refusal {
        Expectation expectation = expected.apply(data);
        if (expectation instanceof Expectation.Document document) {
            return document.json();
        }
        if (expectation instanceof Expectation.Excluded excluded) {
            throw Refusal.excluded(excluded.reason());
        }
        if (expectation instanceof Expectation.Hidden hidden) {
            throw new Refusal(FailedRow.Kind.UNVERIFIABLE, hidden.reason());
        }
        throw Refusal.failed(((Expectation.Unreadable) expectation).reason());
    }

    private @Nullable Row expectedRow(Key key, String document, List<FailedRow> failed) {
        try {
            return expectedRecord.row(document);
        } catch (UnreadableRecordException e) {
            failed.add(new FailedRow(key, null, String.valueOf(e.getMessage())));
            return null;
        }
    }

    private List<FailedRow> read(KeySelection selection, Reading reading, Encoding encoding, Consumer<List<Row>> rows) {
        Spool spool = spools.begin(this, keys);
        Set<Key> wanted = selection instanceof KeySelection.Keys list ? new HashSet<>(list.keys()) : Set.of();
        source.find(selection, new ThingSink() {
            @Override
            public void found(Key key, ObjectNode data) {
                if (!isIn(selection, wanted, key)) {
                    return;
                }
                try {
                    spool.found(key, reading.of(data));
                } catch (Refusal e) {
                    spool.failed(new FailedRow(key, e.kind(), null, e.reason()));
                }
            }

            @Override
            public void failed(FailedRow row) {
                if (isIn(selection, wanted, row.key())) {
                    spool.failed(row);
                }
            }

            @Override
            public void failedWhole(FailedRow row) {
                spool.failed(row);
            }
        });
        List<FailedRow> failed = new ArrayList<>();
        RowBatch batch = new RowBatch(rows);
        spool.deliver(
                (key, document) -> {
                    Row row = encoding.of(key, document, failed);
                    if (row != null) {
                        batch.add(row);
                    }
                },
                failed::add);
        batch.flush();
        return failed;
    }

    private boolean isIn(KeySelection selection, Set<Key> wanted, Key key) {
        if (selection instanceof KeySelection.Range range) {
            Key from = range.from();
            Key after = range.after();
            Key last = range.last();
            return (from == null || keys.compare(key, from) >= 0)
                    && (after == null || keys.compare(key, after) > 0)
                    && (last == null || keys.compare(key, last) <= 0);
        }
        // Of a list, what was asked for: a thing, or all of a group.
        return wanted.contains(key) || (groups && wanted.contains(Groups.whole(Groups.group(key))));
    }

    /** Those of the chunk that this thread read last, or asked for again. */
    @Override
    public Map<Key, String> documents(List<Key> wanted) {
        Optional<Spool> last = spools.last(this);
        if (last.isPresent()) {
            return last.get().documents(wanted);
        }
        Map<Key, String> found = new LinkedHashMap<>();
        if (!wanted.isEmpty()) {
            fetch(new KeySelection.Keys(wanted), rows -> {});
            spools.last(this).ifPresent(spool -> found.putAll(spool.documents(wanted)));
        }
        return found;
    }
}
