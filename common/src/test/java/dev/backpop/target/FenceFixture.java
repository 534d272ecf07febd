package dev.backpop.target;

import dev.backpop.plan.Guard;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.row.Row;
import dev.backpop.testing.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;

/** A target table under the fence guard: a pool of Backpop's own, and sessions of others. */
final class FenceFixture implements AutoCloseable {
    final TargetFixture target;
    final LiveTouches touches;
    final PostgresPool pool;

    private FenceFixture(TargetFixture target) throws SQLException {
        this.target = target;
        this.touches = LiveTouches.of("plan", target.entity, target.table);
        this.pool = PostgresPool.target(target.database.address(), "test", 4);
    }

    /** Table {@code t} with the triggers installed; see {@link TargetFixture#of}. */
    static FenceFixture of(String columns, int keyColumns, String... statements) throws SQLException {
        FenceFixture fixture =
                new FenceFixture(TargetFixture.of(Database.with(statements), new Guard.Fence(), columns, keyColumns));
        fixture.install();
        return fixture;
    }

    /** Keys 1 to 5 with {@code x = 'old'}. */
    static FenceFixture ofFive() throws SQLException {
        return of(
                "id,x",
                1,
                "CREATE TABLE t (id bigint PRIMARY KEY, x text)",
                "INSERT INTO t SELECT i, 'old' FROM generate_series(1, 5) AS i");
    }

    boolean install() throws SQLException {
        try (Connection connection = pool.connection()) {
            return touches.install(connection);
        }
    }

    boolean remove() throws SQLException {
        try (Connection connection = pool.connection()) {
            return touches.remove(connection);
        }
    }

    TouchStatus status() throws SQLException {
        try (Connection connection = pool.connection()) {
            return touches.status(connection);
        }
    }

    Fence fence() throws SQLException {
        return target.writer.fence(pool);
    }

    /** Another session's committed statements. */
    void live(String... statements) throws SQLException {
        target.database.run(statements);
    }

    /** Writes in a transaction of Backpop's own, and commits. */
    WriteResult write(Fence fence, List<Row> rows) throws SQLException {
        try (Connection connection = pool.connection()) {
            connection.setAutoCommit(false);
            try {
                target.writer.begin(connection);
                WriteResult result = target.writer.write(connection, rows, fence);
                connection.commit();
                return result;
            } finally {
                connection.rollback();
            }
        }
    }

    WriteResult write(Fence fence, String query) throws SQLException {
        return write(fence, target.rows(query));
    }

    /** Writes until it waits for a lock of somebody's. */
    CompletableFuture<WriteResult> writeUntilItWaits(Fence fence, String query) throws SQLException {
        List<Row> rows = target.rows(query);
        CompletableFuture<WriteResult> writing = CompletableFuture.supplyAsync(() -> {
            try {
                return write(fence, rows);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        Awaitility.await()
                .until(() -> writing.isDone()
                        || target.ask("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                        + " AND wait_event_type = 'Lock'")
                                .equals(List.of("1")));
        return writing;
    }

    /** Each row as {@code key=x}. */
    String rows() throws SQLException {
        return String.join(" ", target.ask("SELECT id || '=' || x FROM t ORDER BY id"));
    }

    @Override
    public void close() {
        pool.close();
    }
}
