package dev.backpop.legacy.jdbc;

import dev.backpop.legacy.FailedRow;
import dev.backpop.postgres.BinaryCopy;
import dev.backpop.postgres.KeyConditions;
import dev.backpop.postgres.SqlFailure;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.Row;
import dev.backpop.row.RowShape;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One fetch of a chunk's rows. Streams them in key order; when an expression fails on some row, what was not delivered yet
 * is fetched by its keys, halved until the failing rows stand alone. For one thread.
 */
final class RowFetch {
    private static final long BATCH_BYTES = 8L << 20;

    private final Connection connection;
    private final LegacyQuery query;
    private final RowShape shape;
    private final Consumer<List<Row>> rows;
    private final List<FailedRow> failed = new ArrayList<>();

    private List<Row> batch = new ArrayList<>();
    private long batchBytes;
    private @Nullable Key delivered;

    RowFetch(Connection connection, LegacyQuery query, RowShape shape, Consumer<List<Row>> rows) {
        this.connection = connection;
        this.query = query;
        this.shape = shape;
        this.rows = rows;
    }

    List<FailedRow> fetch(KeySelection selection) throws SQLException {
        try {
            BinaryCopy.out(connection, query.rows(selection), this::add);
        } catch (SQLException e) {
            if (SqlFailure.of(e) != SqlFailure.ROW) {
                throw e;
            }
            // The rows of the unfinished batch come again with the others, each one once.
            dropBatch();
            isolate(keysNotDelivered(selection));
        }
        deliver();
        return failed;
    }

    private void add(Row row) {
        batch.add(row);
        batchBytes += row.bytes();
        if (batchBytes >= BATCH_BYTES) {
            deliver();
        }
    }

    private void deliver() {
        if (batch.isEmpty()) {
            return;
        }
        delivered = shape.keyOf(batch.get(batch.size() - 1));
        List<Row> full = batch;
        dropBatch();
        rows.accept(full);
    }

    private void dropBatch() {
        batch = new ArrayList<>();
        batchBytes = 0;
    }

    private List<Key> keysNotDelivered(KeySelection selection) throws SQLException {
        String condition = query.key().in(selection) + " AND " + query.key().between(null, delivered, null);
        String sql = query.select(query.key().selectTexts(), condition) + " ORDER BY "
                + query.key().order();
        List<Key> keys = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            while (found.next()) {
                keys.add(KeyConditions.keyOf(found, shape.key()));
            }
        }
        return keys;
    }

    private void isolate(List<Key> keys) throws SQLException {
        if (keys.isEmpty()) {
            return;
        }
        List<Row> found = new ArrayList<>();
        try {
            BinaryCopy.out(connection, query.rows(new KeySelection.Keys(keys)), found::add);
        } catch (SQLException e) {
            if (SqlFailure.of(e) != SqlFailure.ROW) {
                throw e;
            }
            if (keys.size() == 1) {
                failed.add(new FailedRow(keys.get(0), SqlFailure.root(e).getSQLState(), SqlFailure.message(e)));
                return;
            }
            int half = keys.size() / 2;
            isolate(keys.subList(0, half));
            isolate(keys.subList(half, keys.size()));
            return;
        }
        found.forEach(this::add);
    }
}
