package dev.backpop.legacy.jdbc;

import dev.backpop.legacy.Legacy;
import dev.backpop.legacy.LegacyEntity;
import dev.backpop.legacy.LegacyOverloadedException;
import dev.backpop.legacy.LegacyUnavailableException;
import dev.backpop.plan.Entity;
import dev.backpop.plan.LegacySource;
import dev.backpop.postgres.PostgresAddress;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.postgres.SqlFailure;
import dev.backpop.row.RowShape;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * A PostgreSQL database as the legacy store, read through a small pool of read-only sessions. Mapping expressions are SQL
 * and run there; rows come out of it in the target's types. Thread-safe.
 */
public final class JdbcLegacy implements Legacy {
    private final PostgresPool pool;

    /**
     * @param role who reads, shown in {@code pg_stat_activity}
     * @param sessions how many connections at most
     */
    public JdbcLegacy(LegacySource.Jdbc source, String role, int sessions) {
        this.pool = PostgresPool.legacy(
                PostgresAddress.parse("legacy", source.url(), source.user(), source.password()),
                role,
                sessions,
                source.statementTimeout());
    }

    @Override
    public LegacyEntity entity(Entity entity, RowShape shape) {
        try (Connection connection = pool.connection()) {
            LegacyQuery query = LegacyQuery.resolve(connection, entity, shape);
            return new JdbcLegacyEntity(this, query, shape, ExpectedRelation.of(connection, entity, shape));
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    @Override
    public boolean encodes(int oid) {
        return true;
    }

    @Override
    public void check() {
        pool.check();
    }

    Connection connection() throws SQLException {
        return pool.connection();
    }

    /** The pool, for checks that look into the database's catalogue. */
    public PostgresPool pool() {
        return pool;
    }

    LegacyUnavailableException unavailable(SQLException failure) {
        if (SqlFailure.of(failure) == SqlFailure.TOO_LARGE) {
            return new LegacyOverloadedException(
                    "the legacy database at " + pool.address() + " gave up: " + SqlFailure.message(failure), failure);
        }
        return new LegacyUnavailableException(
                "the legacy database at " + pool.address() + " does not serve: " + SqlFailure.message(failure),
                failure);
    }

    @Override
    public void close() {
        pool.close();
    }
}
