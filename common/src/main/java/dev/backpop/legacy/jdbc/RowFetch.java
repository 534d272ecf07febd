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
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
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
            forget(0, 0);
            isolate(keysNotDelivered(selection));
        }
        deliver();
        return failed;
    }

    /** Rows of one key stay together: a batch ends between two keys, so that what is left can be asked for by keys. */
    private void add(Row row) {
        if (batchBytes >= BATCH_BYTES && !sameKey(batch.get(batch.size() - 1), row)) {
            deliver();
        }
        batch.add(row);
        batchBytes += row.bytes();
    }

    private boolean sameKey(Row one, Row other) {
        return shape.keyIndexes().stream().allMatch(index -> Arrays.equals(one.field(index), other.field(index)));
    }

    private void deliver() {
        if (batch.isEmpty()) {
            return;
        }
        delivered = shape.keyOf(batch.get(batch.size() - 1));
        List<Row> full = batch;
        batch = new ArrayList<>();
        batchBytes = 0;
        rows.accept(full);
    }

    /** Takes the rows after the first so many off the batch. */
    private void forget(int size, long bytes) {
        batch.subList(size, batch.size()).clear();
        batchBytes = bytes;
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

    /**
     * Fetches the rows of these keys, which come in order and as often as they have rows.
     *
     * <p>Rows go on as they come, so that no more than a batch is held; those that were delivered before a query failed are
     * not asked for again.
     */
    private void isolate(List<Key> keys) throws SQLException {
        if (keys.isEmpty()) {
            return;
        }
        Key deliveredBefore = delivered;
        int size = batch.size();
        long bytes = batchBytes;
        try {
            BinaryCopy.out(connection, query.rows(new KeySelection.Keys(keys)), this::add);
            return;
        } catch (SQLException e) {
            if (SqlFailure.of(e) != SqlFailure.ROW) {
                throw e;
            }
            boolean deliveredSome = !Objects.equals(delivered, deliveredBefore);
            forget(deliveredSome ? 0 : size, deliveredSome ? 0 : bytes);
            List<Key> rest = keysAfterDelivered(keys);
            int half = betweenKeys(rest);
            if (half == rest.size()) {
                refuse(rest, e);
                return;
            }
            isolate(rest.subList(0, half));
            isolate(rest.subList(half, rest.size()));
        }
    }

    private List<Key> keysAfterDelivered(List<Key> keys) {
        Key last = delivered;
        int from = 0;
        while (last != null && from < keys.size() && shape.key().compare(keys.get(from), last) <= 0) {
            from++;
        }
        return keys.subList(from, keys.size());
    }

    /** A place near the middle that has no key on both sides; the end where there is but one key. */
    private static int betweenKeys(List<Key> keys) {
        int half = keys.size() / 2;
        int place = half;
        while (place > 0 && keys.get(place - 1).equals(keys.get(place))) {
            place--;
        }
        if (place > 0) {
            return place;
        }
        place = half;
        while (place < keys.size() && keys.get(place).equals(keys.get(0))) {
            place++;
        }
        return place;
    }

    /** All rows of one key: which of them it was cannot be told. */
    private void refuse(List<Key> rowsOfOneKey, SQLException failure) throws SQLException {
        if (rowsOfOneKey.isEmpty()) {
            throw failure;
        }
        for (Key key : rowsOfOneKey) {
            failed.add(new FailedRow(key, SqlFailure.root(failure).getSQLState(), SqlFailure.message(failure)));
        }
    }
}
