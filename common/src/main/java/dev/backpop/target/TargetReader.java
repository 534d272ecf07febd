package dev.backpop.target;

import dev.backpop.plan.Entity;
import dev.backpop.postgres.BinaryCopy;
import dev.backpop.postgres.KeyConditions;
import dev.backpop.postgres.SqlNames;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.Row;
import dev.backpop.row.RowShape;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads rows of one entity back from its target table. Immutable and thread-safe. */
public final class TargetReader {
    private static final int FETCH_SIZE = 1_000;

    private final KeyConditions key;
    private final String select;
    private final String selectKeys;
    private final String selectMarks;
    private final String count;

    public TargetReader(Entity entity, TargetTable table, RowShape shape) {
        this.key = new KeyConditions(TargetTable.keyColumns(entity), shape.key());
        List<String> columns = new ArrayList<>();
        for (RowShape.Column column : shape.columns()) {
            String name = SqlNames.quoted(column.name());
            // A name of its own, so that ORDER BY means the table's column and not one of these.
            columns.add((column.type().viaText() ? name + "::text" : baseType(name, column)) + " AS \"backpop column "
                    + (columns.size() + 1) + "\"");
        }
        this.select = "SELECT " + String.join(", ", columns) + " FROM " + table.sqlName();
        this.count = "SELECT count(*) FROM " + table.sqlName() + " WHERE ";
        this.selectKeys = "SELECT " + key.selectTexts() + " FROM " + table.sqlName();
        this.selectMarks =
                "SELECT " + key.selectTexts() + ", concat_ws(' ', tableoid, xmin, ctid) FROM " + table.sqlName();
    }

    private static String baseType(String name, RowShape.Column column) {
        // Strips a domain, whose values travel as the type it is made of.
        return "CAST(" + name + " AS " + column.type().sqlName() + ")";
    }

    /**
     * Streams the target's rows of a chunk in key order.
     *
     * @param limit how many at most
     * @throws SQLException possibly after some rows were delivered
     */
    public void rows(Connection connection, KeySelection selection, long limit, Consumer<Row> rows)
            throws SQLException {
        String sql = select + " WHERE " + key.in(selection) + " ORDER BY " + key.order() + " LIMIT " + limit;
        BinaryCopy.out(connection, sql, rows);
    }

    /** For each of these keys that has a row a text that is another one once the row has been written again. */
    public Map<Key, String> marks(Connection connection, List<Key> keys) throws SQLException {
        Map<Key, String> marks = new HashMap<>();
        if (keys.isEmpty()) {
            return marks;
        }
        try (Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery(selectMarks + " WHERE " + key.in(new KeySelection.Keys(keys)))) {
            while (found.next()) {
                marks.put(
                        KeyConditions.keyOf(found, key.shape()),
                        found.getString(key.shape().types().size() + 1));
            }
        }
        return marks;
    }

    /**
     * Streams the target's keys in key order.
     *
     * @param transaction a connection that does not commit every statement: without a transaction there is no cursor, and
     *     all keys would be in memory at once
     * @param from inclusive lower bound; null for none
     * @param after exclusive lower bound; null for none
     * @param upTo inclusive upper bound; null for none
     * @param limit how many at most
     */
    public void keys(
            Connection transaction,
            @Nullable Key from,
            @Nullable Key after,
            @Nullable Key upTo,
            long limit,
            Consumer<Key> consumer)
            throws SQLException {
        try (Statement statement = transaction.createStatement()) {
            statement.setFetchSize(FETCH_SIZE);
            try (ResultSet found = statement.executeQuery(selectKeys + " WHERE " + key.between(from, after, upTo)
                    + " ORDER BY " + key.order() + " LIMIT " + limit)) {
                while (found.next()) {
                    consumer.accept(KeyConditions.keyOf(found, key.shape()));
                }
            }
        }
    }

    /**
     * Counts the rows of a scope that are not above a bound: as all rows of the scope less those above the bound, so that a
     * row is counted too that no range of keys selects, such as one whose key is NULL.
     *
     * @param from inclusive lower bound of the scope; null for none
     * @param to inclusive upper bound of the scope; null for none
     * @param upTo what is above it does not count; null to count the whole scope
     */
    public long count(Connection connection, @Nullable Key from, @Nullable Key to, @Nullable Key upTo)
            throws SQLException {
        String all = "(" + count + key.between(from, null, to) + ")";
        String above = upTo == null ? "" : " - (" + count + key.between(from, upTo, to) + ")";
        try (Statement statement = connection.createStatement();
                ResultSet counted = statement.executeQuery("SELECT " + all + above)) {
            counted.next();
            return counted.getLong(1);
        }
    }
}
