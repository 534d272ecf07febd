package dev.backpop.legacy.reddit;

import dev.backpop.legacy.LegacyUnavailableException;
import dev.backpop.plan.LegacySource;
import dev.backpop.postgres.PostgresAddress;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.postgres.SqlFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whose votes are read, as the plan's query says, by their numbers. Thread-safe; close it to give its sessions back. Every method
 * throws {@link LegacyUnavailableException} when the database cannot be asked, and {@link IllegalArgumentException} when it does not
 * take the query.
 */
final class Voters implements AutoCloseable {
    static final int PAGE = 1_000;
    private static final int SESSIONS = 2;

    private final String query;
    private final PostgresPool pool;

    Voters(LegacySource.Jdbc database, String query) {
        // The next line, because a query may end with a remark.
        this.query = " FROM (" + query + "\n) AS voters";
        this.pool = PostgresPool.legacy(
                PostgresAddress.parse("voters", database.url(), database.user(), database.password()),
                "voters",
                SESSIONS,
                database.statementTimeout());
    }

    /** Some of those from one number to another, both included, in order; none when there are no more. */
    List<Voter> page(long from, long to) {
        return ask(
                "SELECT id, username, refresh_token" + query + " WHERE id BETWEEN ? AND ? ORDER BY id LIMIT " + PAGE,
                from,
                to,
                rows -> new Voter(rows.getLong(1), String.valueOf(rows.getString(2)), rows.getString(3)));
    }

    /** The greatest number up to this one; empty when there is nobody. */
    Optional<Long> last(long to) {
        return ask("SELECT max(id)" + query + " WHERE id BETWEEN ? AND ?", 0, to, rows -> {
                    long last = rows.getLong(1);
                    return Optional.ofNullable(rows.wasNull() ? null : last);
                })
                .get(0);
    }

    long count() {
        return ask("SELECT count(*)" + query + " WHERE id BETWEEN ? AND ?", 0, Long.MAX_VALUE, rows -> rows.getLong(1))
                .get(0);
    }

    private interface Reading<T> {
        T of(ResultSet rows) throws SQLException;
    }

    private <T> List<T> ask(String sql, long from, long to, Reading<T> reading) {
        try (Connection connection = pool.connection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, from);
            statement.setLong(2, to);
            List<T> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(reading.of(rows));
                }
            }
            return found;
        } catch (SQLException e) {
            SqlFailure failure = SqlFailure.of(e);
            if (failure == SqlFailure.ROW || failure == SqlFailure.PERMANENT) {
                throw new IllegalArgumentException(SqlFailure.message(e), e);
            }
            throw new LegacyUnavailableException(
                    "the database of voters at " + pool.address() + " does not serve: " + SqlFailure.message(e), e);
        }
    }

    /** Asks once, so that a query that the database does not take is found before anything is moved. */
    @Nullable
    String problem() {
        try {
            page(1, 0);
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    void check() {
        pool.check();
    }

    @Override
    public void close() {
        pool.close();
    }
}
