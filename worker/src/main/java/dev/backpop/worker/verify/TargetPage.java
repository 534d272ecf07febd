package dev.backpop.worker.verify;

import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.Row;
import dev.backpop.row.RowShape;
import dev.backpop.target.TargetReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first rows that the target has of a selection, as many as fit into memory: the target may have any number of rows
 * between two keys of the legacy store.
 *
 * @param selection what of the selection the page covers, rows or not
 * @param rest what is left to read; null when nothing is
 */
record TargetPage(
        KeySelection selection,
        Map<Key, Row> rows,
        @Nullable KeySelection rest) {
    private static final long MOST_BYTES = 8L << 20;

    /** @param mostRows how many rows at most, at least 1; fewer when they are large */
    static TargetPage read(
            TargetReader reader, Connection connection, RowShape shape, KeySelection selection, int mostRows)
            throws SQLException {
        Filling filling = new Filling(mostRows);
        reader.rows(connection, selection, mostRows + 1L, row -> filling.add(shape.keyOf(row), row));
        Key last = filling.last;
        if (!filling.full || last == null) {
            return new TargetPage(selection, filling.rows, null);
        }
        return new TargetPage(selection.upTo(last, shape.key()), filling.rows, selection.after(last, shape.key()));
    }

    private static final class Filling {
        private final Map<Key, Row> rows = new LinkedHashMap<>();
        private final int mostRows;
        private long bytes;
        private boolean full;
        private @Nullable Key last;

        Filling(int mostRows) {
            this.mostRows = mostRows;
        }

        void add(Key key, Row row) {
            full = full || rows.size() >= mostRows || bytes >= MOST_BYTES;
            if (!full) {
                rows.put(key, row);
                bytes += row.bytes();
                last = key;
            }
        }
    }
}
