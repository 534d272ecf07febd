package dev.backpop.worker.backfill;

import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.campaign.Reject;
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

    private final EntityStores stores;
    private final List<WriteResult.Rejected> rejected = new ArrayList<>();
    private final List<FailedRow> failed = new ArrayList<>();
    private long read;
    private long written;
    private long unchanged;
    private long guarded;

    ChunkTally(EntityStores stores) {
        this.stores = stores;
    }

    void add(int rows, WriteResult result) {
        read += rows;
        written += result.written();
        unchanged += result.unchanged();
        guarded += result.guarded();
        rejected.addAll(result.rejected());
    }

    void add(List<FailedRow> rows) {
        read += rows.size();
        failed.addAll(rows);
    }

    /**
     * The chunk's counters.
     *
     * @param planned the keys that planning saw; those that were not found have gone since, and rows that came since are
     *     counted as read
     */
    Counters counters(long planned) {
        return Counters.NONE
                .plus(Counter.ROWS_READ, read)
                .plus(Counter.ROWS_WRITTEN, written)
                .plus(Counter.ROWS_UNCHANGED, unchanged)
                .plus(Counter.ROWS_GUARDED, guarded)
                .plus(Counter.ROWS_REJECTED, (long) rejected.size() + failed.size())
                .plus(Counter.ROWS_ABSENT, Math.max(0, planned - read));
    }

    /** Every refused row with its source document. */
    List<Reject> rejects() {
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
                    Reject.Stage.WRITE,
                    row.sqlState(),
                    row.constraint(),
                    row.column(),
                    row.message(),
                    documents.get(key)));
        }
        return rejects;
    }

    private static Reject reject(KeyShape shape, Key key, FailedRow row, @Nullable String document) {
        return new Reject(
                shape.toJson(key), Reject.Stage.TRANSFORM, row.sqlState(), null, null, row.message(), document);
    }

    private Map<Key, String> documents(List<Key> keys) {
        Map<Key, String> documents = new HashMap<>();
        for (int from = 0; from < keys.size(); from += DOCUMENTS_AT_ONCE) {
            documents.putAll(
                    stores.legacy().documents(keys.subList(from, Math.min(keys.size(), from + DOCUMENTS_AT_ONCE))));
        }
        return documents;
    }
}
