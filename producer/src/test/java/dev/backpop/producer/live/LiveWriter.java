package dev.backpop.producer.live;

import dev.backpop.testing.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** One thread of the application. */
final class LiveWriter {
    /** Serialization failure, deadlock, lock timeout, and a key that is there already. */
    private static final Set<String> TRY_AGAIN = Set.of("40001", "40P01", "55P03", "23505");

    private final LiveTables tables;
    private final LivePath path;
    private final LiveKeys keys;
    private final LiveChanges changes;
    private final LiveCounts counts;
    private final Random random;
    /** When the last second transaction that was to be committed had written. */
    private long firstWrite;

    LiveWriter(LiveTables tables, LivePath path, LiveKeys keys, LiveChanges changes, LiveCounts counts, Random random) {
        this.tables = tables;
        this.path = path;
        this.keys = keys;
        this.changes = changes;
        this.counts = counts;
        this.random = random;
    }

    /** A session that the application would use for this database. */
    private Connection session(Database database) throws SQLException {
        Connection connection = database.connect();
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(path.isolation());
        return connection;
    }

    /** Writes until asked to end, and ends between two transactions. */
    void run(LiveWriters.Orders orders) throws SQLException {
        try (Connection legacy = session(tables.legacy());
                Connection target = tables.oneTransaction() ? legacy : session(tables.target())) {
            while (!orders.end()) {
                int truncations = orders.truncations();
                if (truncations > 0) {
                    truncate(legacy, target, truncations > 1);
                }
                List<Change> next = changes.take();
                try {
                    if (next.isEmpty()) {
                        continue;
                    }
                    if (tables.oneTransaction()) {
                        together(next, legacy);
                    } else {
                        apart(next, legacy, target);
                    }
                } finally {
                    changes.release();
                }
            }
        }
    }

    private void together(List<Change> next, Connection connection) throws SQLException {
        try {
            if (random.nextInt(8) == 0) {
                Savepoint savepoint = connection.setSavepoint();
                both(next, connection);
                connection.rollback(savepoint);
                counts.savepoint();
                if (random.nextBoolean()) {
                    // Nothing else was done in it: what the savepoint took back must be as if it had never been.
                    connection.commit();
                    return;
                }
            }
            both(next, connection);
            pauseNowAndThenForLong(connection);
            lag(connection);
            if (random.nextInt(8) == 0) {
                connection.rollback();
                counts.rolledBack();
                return;
            }
            connection.commit();
            done(next);
        } catch (SQLException e) {
            connection.rollback();
            refused(e);
        }
    }

    private void both(List<Change> next, Connection connection) throws SQLException {
        if (random.nextBoolean()) {
            for (Change change : next) {
                old(change, connection);
                pause(connection);
                young(change, connection);
            }
        } else {
            for (Change change : next) {
                old(change, connection);
            }
            pauseNowAndThenForLong(connection);
            for (Change change : next) {
                young(change, connection);
            }
        }
    }

    private void old(Change change, Connection legacy) throws SQLException {
        long rows = change.in(legacy, tables.oldTable(), false);
        if (rows != change.keys().size()) {
            throw new IllegalStateException(change + " met " + rows + " rows in " + tables.oldTable());
        }
    }

    private void young(Change change, Connection target) throws SQLException {
        long rows = change.in(target, tables.newTable(), path.onlyOlder());
        counts.met(change, rows);
    }

    private void apart(List<Change> next, Connection legacy, Connection target) throws SQLException {
        boolean lost = path.lost() > 0 && random.nextInt(path.lost()) == 0;
        if (path.newFirst()) {
            second(next, target, lost);
            pauseNowAndThenForLong(target);
            target.commit();
            first(next, legacy, false);
            done(next);
        } else if (first(next, legacy, random.nextInt(8) == 0)) {
            long over = System.nanoTime();
            pause(legacy);
            lag(legacy);
            legacy.commit();
            second(next, target, lost);
            if (path.lag() > 0) {
                counts.lagged((firstWrite - over) / 1_000_000);
            }
            done(next);
        }
    }

    private boolean first(List<Change> next, Connection legacy, boolean takenBack) throws SQLException {
        for (Change change : next) {
            old(change, legacy);
        }
        pauseNowAndThenForLong(legacy);
        if (takenBack) {
            legacy.rollback();
            counts.rolledBack();
            return false;
        }
        legacy.commit();
        return true;
    }

    /** The legacy store has it already: tried until it is done, unless it is to be lost. */
    private void second(List<Change> next, Connection target, boolean lost) throws SQLException {
        if (lost) {
            counts.lost();
            return;
        }
        for (boolean settle = false; ; ) {
            try {
                if (random.nextInt(8) == 0) {
                    Savepoint savepoint = target.setSavepoint();
                    next.get(0).settle(target, tables.newTable(), path.onlyOlder());
                    target.rollback(savepoint);
                    counts.savepoint();
                }
                for (Change change : next) {
                    if (settle) {
                        counts.met(change, change.settle(target, tables.newTable(), path.onlyOlder()));
                    } else {
                        young(change, target);
                    }
                }
                boolean takenBack = random.nextInt(8) == 0;
                if (!takenBack || path.lag() == 0) {
                    firstWrite = System.nanoTime();
                    pauseNowAndThenForLong(target);
                }
                if (takenBack) {
                    target.rollback();
                    counts.rolledBack();
                    continue;
                }
                target.commit();
                return;
            } catch (SQLException e) {
                target.rollback();
                refused(e);
                settle = settle || "23505".equals(e.getSQLState());
            }
        }
    }

    private void truncate(Connection legacy, Connection target, boolean takenBack) throws SQLException {
        keys.takeAll();
        try {
            Change.execute(legacy, "TRUNCATE " + tables.oldTable());
            if (!tables.oneTransaction()) {
                if (takenBack) {
                    legacy.rollback();
                    return;
                }
                legacy.commit();
            }
            Change.execute(target, "TRUNCATE " + tables.newTable());
            if (takenBack) {
                target.rollback();
                return;
            }
            target.commit();
            keys.truncated();
            counts.truncated();
        } finally {
            keys.releaseAll();
        }
    }

    private void done(List<Change> next) {
        next.forEach(keys::changed);
        next.forEach(counts::committed);
    }

    private void refused(SQLException e) throws SQLException {
        if (!TRY_AGAIN.contains(String.valueOf(e.getSQLState()))) {
            throw e;
        }
        counts.refused(String.valueOf(e.getSQLState()));
    }

    private void lag(Connection connection) throws SQLException {
        if (path.lag() > 0) {
            Change.execute(connection, "SELECT pg_sleep(" + random.nextInt(path.lag()) / 1000.0 + ")");
        }
    }

    private void pause(Connection connection) throws SQLException {
        if (random.nextInt(3) == 0) {
            Change.execute(connection, "SELECT pg_sleep(" + random.nextInt(10) / 1000.0 + ")");
        }
    }

    /** Long enough for chunks to be fetched and written meanwhile. */
    private void pauseNowAndThenForLong(Connection connection) throws SQLException {
        if (random.nextInt(40) == 0) {
            counts.tookLong();
            Change.execute(connection, "SELECT pg_sleep(" + (300 + random.nextInt(1_200)) / 1000.0 + ")");
        } else {
            pause(connection);
        }
    }
}
