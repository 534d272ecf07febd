package dev.backpop.legacy.jdbc;

import dev.backpop.legacy.FailedRow;
import dev.backpop.postgres.BinaryCopy;
import dev.backpop.postgres.KeyConditions;
import dev.backpop.postgres.SelectionSql;
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
 * One reading of a chunk's rows as they should arrive. A stream that a row breaks is read again from the last key that was
 * handed on, by halves of the keys, until the rows that cannot be read stand alone. For one thread.
 */
final class ExpectedRows {
    private static final long BATCH_BYTES = 4L << 20;

    private final Connection connection;
    private final SelectionSql sql;
    private final RowShape shape;
    private final Consumer<List<Row>> consumer;
    private final List<FailedRow> failed = new ArrayList<>();
    private List<Row> batch = new ArrayList<>();
    private long bytes;
    private @Nullable Key handedOn;

    ExpectedRows(Connection connection, SelectionSql sql, RowShape shape, Consumer<List<Row>> consumer) {
        this.connection = connection;
        this.sql = sql;
        this.shape = shape;
        this.consumer = consumer;
    }

    List<FailedRow> read(KeySelection selection) throws SQLException {
        try {
            stream(selection);
        } catch (SQLException e) {
            if (SqlFailure.of(e) != SqlFailure.ROW) {
                throw e;
            }
            halves(notHandedOn(keys(selection)), e);
        }
        return failed;
    }

    private void stream(KeySelection selection) throws SQLException {
        batch = new ArrayList<>();
        bytes = 0;
        BinaryCopy.out(connection, sql.rows(selection), this::add);
        handOn();
    }

    private void add(Row row) {
        // Between two keys alone, so that the last key tells where to go on.
        if (bytes >= BATCH_BYTES && !shape.keyOf(row).equals(shape.keyOf(batch.get(batch.size() - 1)))) {
            handOn();
        }
        batch.add(row);
        bytes += row.bytes();
    }

    private void handOn() {
        if (batch.isEmpty()) {
            return;
        }
        List<Row> full = batch;
        handedOn = shape.keyOf(full.get(full.size() - 1));
        batch = new ArrayList<>();
        bytes = 0;
        consumer.accept(full);
    }

    /** @param keys in order, those of several rows as often */
    private void halves(List<Key> keys, SQLException failure) throws SQLException {
        List<Key> distinct = keys.stream().distinct().toList();
        if (distinct.size() <= 1) {
            // All rows of the key: which of them it was cannot be told.
            for (Key key : keys) {
                failed.add(new FailedRow(key, SqlFailure.root(failure).getSQLState(), SqlFailure.message(failure)));
            }
            return;
        }
        int middle = keys.indexOf(distinct.get(distinct.size() / 2));
        for (List<Key> half : List.of(keys.subList(0, middle), keys.subList(middle, keys.size()))) {
            try {
                stream(new KeySelection.Keys(half.stream().distinct().toList()));
            } catch (SQLException e) {
                if (SqlFailure.of(e) != SqlFailure.ROW) {
                    throw e;
                }
                halves(notHandedOn(half), e);
            }
        }
    }

    private List<Key> notHandedOn(List<Key> keys) {
        Key last = handedOn;
        return last == null
                ? keys
                : keys.stream()
                        .filter(key -> shape.key().compare(key, last) > 0)
                        .toList();
    }

    private List<Key> keys(KeySelection selection) throws SQLException {
        List<Key> keys = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql.keys(selection))) {
            while (found.next()) {
                keys.add(KeyConditions.keyOf(found, shape.key()));
            }
        }
        return keys;
    }
}
