package dev.backpop.worker.backfill;

import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.campaign.Reject;
import dev.backpop.campaign.RowReason;
import dev.backpop.campaign.RowReasons;
import dev.backpop.legacy.FailedRow;
import dev.backpop.row.Key;
import dev.backpop.row.KeyShape;
import dev.backpop.stores.EntityStores;
import dev.backpop.target.WriteResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Adds up what became of a chunk's rows. For one thread. */
final class ChunkTally {
    private static final int DOCUMENTS_AT_ONCE = 500;
    private static final String FOREIGN_KEY_VIOLATION = "23503";

    private final EntityStores stores;
    private final List<WriteResult.Rejected> rejected = new ArrayList<>();
    private final List<FailedRow> failed = new ArrayList<>();
    private final RejectRoom room = RejectRoom.ofThisProcess();
    private long read;
    private long written;
    private long unchanged;
    private long guarded;
    private long excluded;
    private long absent;
    private final RowReasons reasons = new RowReasons();

    ChunkTally(EntityStores stores) {
        this.stores = stores;
    }

    void add(int rows, WriteResult result) {
        read += rows;
        written += result.written();
        unchanged += result.unchanged();
        guarded += result.guarded();
        for (WriteResult.Rejected row : result.rejected()) {
            room.row(row.row().bytes());
            rejected.add(row);
        }
    }

    void add(List<FailedRow> rows) {
        for (FailedRow row : rows) {
            String key = stores.shape().key().toJson(row.key());
            switch (row.kind()) {
                case ABSENT -> {
                    absent++;
                    reasons.add(RowReason.Outcome.ABSENT, row.message(), key);
                }
                case EXCLUDED -> {
                    read++;
                    excluded++;
                    reasons.add(RowReason.Outcome.EXCLUDED, row.message(), key);
                }
                case FAILED, FORBIDDEN, UNVERIFIABLE -> {
                    read++;
                    failed.add(row);
                }
            }
        }
    }

    long written() {
        return written;
    }

    long unchanged() {
        return unchanged;
    }

    long guarded() {
        return guarded;
    }

    long excluded() {
        return excluded;
    }

    /** Why keys came to no row and to no reject. */
    List<RowReason> reasons() {
        return reasons.all();
    }

    /**
     * The chunk's counters.
     *
     * @param planned the keys that planning saw; those that were not found have gone since, and rows that came since are
     *     counted as read. Where they stand for groups, only keys that the legacy store named have gone
     */
    Counters counters(long planned) {
        return Counters.NONE
                .plus(Counter.ROWS_READ, read)
                .plus(Counter.ROWS_WRITTEN, written)
                .plus(Counter.ROWS_UNCHANGED, unchanged)
                .plus(Counter.ROWS_GUARDED, guarded)
                .plus(Counter.ROWS_REJECTED, rejected.size() - deferred() + failed.size())
                .plus(Counter.ROWS_DEFERRED, deferred())
                .plus(Counter.ROWS_EXCLUDED, excluded)
                .plus(Counter.ROWS_ABSENT, stores.legacy().keysAreGroups() ? absent : Math.max(0, planned - read));
    }

    private long deferred() {
        return rejected.stream().filter(row -> parent(row) != null).count();
    }

    /** A row that was refused for the row it refers to, which may be on its way. */
    private Reject.@Nullable Parent parent(WriteResult.Rejected row) {
        if (!FOREIGN_KEY_VIOLATION.equals(row.sqlState())) {
            return null;
        }
        return stores.table()
                .foreignKey(row.constraint())
                .map(key -> new Reject.Parent(
                        key.table(), key.parentKey(stores.shape(), row.row()).orElse(null)))
                .orElse(null);
    }

    /**
     * Every refused row with its source document.
     *
     * @param stage where the writing of rows failed
     */
    List<Reject> rejects(Reject.Stage stage) {
        List<Key> keys = new ArrayList<>();
        failed.forEach(row -> keys.add(row.key()));
        rejected.forEach(row -> keys.add(stores.shape().keyOf(row.row())));
        Map<Key, String> documents = documents(keys);
        KeyShape shape = stores.shape().key();
        List<Reject> rejects = new ArrayList<>();
        for (FailedRow row : failed) {
            rejects.add(reject(shape, row.key(), row, documents.get(row.key())));
        }
        for (WriteResult.Rejected row : rejected) {
            Key key = stores.shape().keyOf(row.row());
            rejects.add(new Reject(
                    shape.toJson(key),
                    stage,
                    row.sqlState(),
                    row.constraint(),
                    row.column(),
                    row.message(),
                    documents.get(key),
                    parent(row)));
        }
        return rejects;
    }

    private static Reject reject(KeyShape shape, Key key, FailedRow row, @Nullable String document) {
        Reject.Stage stage = row.kind() == FailedRow.Kind.FAILED ? Reject.Stage.TRANSFORM : Reject.Stage.FETCH;
        return new Reject(shape.toJson(key), stage, row.sqlState(), null, null, row.message(), document);
    }

    private Map<Key, String> documents(List<Key> keys) {
        Map<Key, String> documents = new HashMap<>();
        for (int from = 0; from < keys.size(); ) {
            int to = Math.min(keys.size(), from + room.documentsAtOnce(DOCUMENTS_AT_ONCE));
            Map<Key, String> found = stores.legacy().documents(keys.subList(from, to));
            found.values().forEach(document -> room.document(document.length()));
            documents.putAll(found);
            from = to;
        }
        return documents;
    }
}
