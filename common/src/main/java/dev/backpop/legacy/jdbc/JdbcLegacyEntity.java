package dev.backpop.legacy.jdbc;

import dev.backpop.legacy.ExpectedSql;
import dev.backpop.legacy.FailedRow;
import dev.backpop.legacy.LegacyEntity;
import dev.backpop.postgres.KeyConditions;
import dev.backpop.postgres.SelectionSql;
import dev.backpop.postgres.SqlFailure;
import dev.backpop.problem.InvalidInputException;
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
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import tools.jackson.databind.json.JsonMapper;

/** One table or query of a PostgreSQL legacy database. Thread-safe. */
final class JdbcLegacyEntity implements LegacyEntity {
    private static final int FETCH_SIZE = 5_000;

    private final JdbcLegacy legacy;
    private final LegacyQuery query;
    private final RowShape shape;
    private final ExpectedRelation expected;

    JdbcLegacyEntity(JdbcLegacy legacy, LegacyQuery query, RowShape shape, ExpectedRelation expected) {
        this.legacy = legacy;
        this.query = query;
        this.shape = shape;
        this.expected = expected;
    }

    @Override
    public Optional<Key> lastKey(@Nullable Key from, @Nullable Key to) {
        String sql = query.select(query.key().selectTexts(), query.key().between(from, null, to)) + " ORDER BY "
                + query.key().descendingOrder() + " LIMIT 1";
        return ask(connection -> {
            List<Key> keys = new ArrayList<>();
            readKeys(connection, sql, keys::add);
            return keys.stream().findFirst();
        });
    }

    @Override
    public Optional<Long> estimatedKeys() {
        return ask(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet plan = statement.executeQuery("EXPLAIN (FORMAT JSON) " + query.select("1", "true"))) {
                plan.next();
                return Optional.of(JsonMapper.shared()
                        .readTree(plan.getString(1))
                        .path(0)
                        .path("Plan")
                        .path("Plan Rows")
                        .asLong());
            }
        });
    }

    @Override
    public long count(@Nullable Key from, @Nullable Key to, @Nullable Key upTo) {
        String all = "(" + query.select("count(*)", query.key().between(from, null, to)) + ")";
        String above = upTo == null
                ? ""
                : " - (" + query.select("count(*)", query.key().between(from, upTo, to)) + ")";
        return ask(connection -> {
            // One statement and so one snapshot: rows that are added above the bound meanwhile are in both or in
            // neither.
            try (Statement statement = connection.createStatement();
                    ResultSet counted = statement.executeQuery("SELECT " + all + above)) {
                counted.next();
                return counted.getLong(1);
            }
        });
    }

    @Override
    public void keys(@Nullable Key from, @Nullable Key after, Key upTo, long limit, Consumer<Key> consumer) {
        String sql = query.select(query.key().selectTexts(), query.key().between(from, after, upTo)) + " ORDER BY "
                + query.key().order() + " LIMIT " + limit;
        ask(connection -> {
            readKeys(connection, sql, consumer);
            return Optional.empty();
        });
    }

    /** The database counts the keys, and sends no more than the ends of runs. */
    @Override
    public void edges(@Nullable Key from, @Nullable Key after, Key upTo, int size, long limit, EdgeConsumer consumer) {
        Key[] lastKey = new Key[1];
        long[] lastNumber = new long[1];
        String sql = query.edges(from, after, upTo, size, limit);
        ask(connection -> {
            readRows(connection, sql, found -> {
                Key key = KeyConditions.keyOf(found, query.keyShape());
                int place = query.keyShape().types().size();
                lastKey[0] = key;
                lastNumber[0] = found.getLong(place + 1);
                if (found.getBoolean(place + 2)) {
                    consumer.accept(key, lastNumber[0]);
                }
                consumer.accept(key, lastNumber[0]);
            });
            return Optional.empty();
        });
        if (lastNumber[0] % size != 0) {
            // The last run is short, and its end is not known.
            keys(from, lastKey[0], upTo, size, key -> consumer.accept(key, ++lastNumber[0]));
        }
    }

    @Override
    public List<FailedRow> fetch(KeySelection selection, Consumer<List<Row>> rows) {
        return ask(connection -> new RowFetch(connection, query, shape, rows).fetch(selection));
    }

    @Override
    public List<FailedRow> expect(KeySelection selection, Consumer<List<Row>> rows) {
        return ask(connection -> new ExpectedRows(connection, expected.sql(), shape, rows).read(selection));
    }

    @Override
    public Map<Key, String> marks(List<Key> keys) {
        return keys.isEmpty() ? Map.of() : ask(connection -> expected.marks(connection, keys));
    }

    @Override
    public Optional<ExpectedSql> expectedSql() {
        return Optional.of(new Asked());
    }

    @Override
    public Map<Key, String> documents(List<Key> keys) {
        Map<Key, String> documents = new HashMap<>();
        if (!keys.isEmpty()) {
            ask(connection -> {
                readDocuments(connection, keys, documents);
                return documents;
            });
        }
        return documents;
    }

    /** A row that cannot be read has no document; it must not take those of the others with it. */
    private void readDocuments(Connection connection, List<Key> keys, Map<Key, String> documents) throws SQLException {
        Map<Key, String> found = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query.documents(new KeySelection.Keys(keys)))) {
            while (rows.next()) {
                byte[] document = rows.getBytes(query.keyShape().types().size() + 1);
                if (document != null) {
                    found.put(KeyConditions.keyOf(rows, query.keyShape()), DocumentText.of(document));
                }
            }
        } catch (SQLException e) {
            if (SqlFailure.of(e) != SqlFailure.ROW) {
                throw e;
            }
            if (keys.size() > 1) {
                int half = keys.size() / 2;
                readDocuments(connection, keys.subList(0, half), documents);
                readDocuments(connection, keys.subList(half, keys.size()), documents);
            }
            return;
        }
        documents.putAll(found);
    }

    private void readKeys(Connection connection, String sql, Consumer<Key> consumer) throws SQLException {
        readRows(connection, sql, found -> consumer.accept(KeyConditions.keyOf(found, query.keyShape())));
    }

    private static void readRows(Connection connection, String sql, RowReader reader) throws SQLException {
        // A cursor, and with it bounded memory, needs a transaction; the pool ends it when it gets the session back.
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(FETCH_SIZE);
            ResultSet found = statement.executeQuery(sql);
            while (found.next()) {
                reader.read(found);
            }
        }
    }

    /** Reads one row of a result. */
    private interface RowReader {
        void read(ResultSet found) throws SQLException;
    }

    private <T> T ask(Question<T> question) {
        try (Connection connection = legacy.connection()) {
            return question.ask(connection);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private RuntimeException failure(SQLException failure) {
        if (KeyConditions.NULL_KEY.equals(failure.getSQLState()) && !(failure instanceof PSQLException)) {
            return new InvalidInputException(String.valueOf(failure.getMessage()));
        }
        SqlFailure meaning = SqlFailure.of(failure);
        if (meaning == SqlFailure.PERMANENT || meaning == SqlFailure.ROW) {
            return new IllegalStateException("the legacy database refused: " + SqlFailure.message(failure), failure);
        }
        return legacy.unavailable(failure);
    }

    private final class Asked implements ExpectedSql {
        @Override
        public Connection connection() throws SQLException {
            return legacy.connection();
        }

        @Override
        public SelectionSql sql() {
            return expected.compared();
        }

        @Override
        public RuntimeException failure(SQLException failure) {
            return JdbcLegacyEntity.this.failure(failure);
        }
    }

    private interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }
}
