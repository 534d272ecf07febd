package dev.backpop.worker;

import dev.backpop.campaign.Chunk;
import dev.backpop.campaign.Counters;
import dev.backpop.ledger.Ledger;
import dev.backpop.postgres.PostgresPool;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * The one transaction of a chunk, which holds the lock on its row from {@link #begin} to the end. For one thread. Closing
 * it without {@link #commit} undoes everything.
 */
public final class ChunkTransaction implements AutoCloseable {
    private final PostgresPool target;
    private final Chunk chunk;
    private @Nullable Connection connection;

    public ChunkTransaction(PostgresPool target, Chunk chunk) {
        this.target = target;
        this.chunk = chunk;
    }

    /** True once the transaction holds the chunk. */
    public boolean begun() {
        return connection != null;
    }

    /**
     * Begins, unless it has begun already.
     *
     * @throws ChunkTakenException when the chunk is not planned any more: another run has done it
     */
    public Connection begin() throws SQLException {
        Connection open = connection;
        if (open != null) {
            return open;
        }
        open = target.connection();
        connection = open;
        open.setAutoCommit(false);
        target.limit(open);
        if (!Ledger.lockPlanned(open, chunk.campaignId(), chunk.chunkNo())) {
            throw new ChunkTakenException();
        }
        return open;
    }

    /**
     * Keeps the result and commits.
     *
     * @param runTime how long it took; the times are the target's, for a worker's clock may be an hour off
     */
    public void commit(String worker, Duration runTime, long keyCount, Counters counters) throws SQLException {
        Connection open = begin();
        Instant startedAt;
        try (Statement statement = open.createStatement();
                ResultSet now = statement.executeQuery("SELECT clock_timestamp()")) {
            now.next();
            startedAt = now.getObject(1, OffsetDateTime.class).toInstant().minus(runTime);
        }
        Ledger.finishChunk(open, chunk.campaignId(), chunk.chunkNo(), worker, startedAt, keyCount, counters);
        open.commit();
    }

    @Override
    public void close() throws SQLException {
        Connection open = connection;
        if (open != null) {
            connection = null;
            try (open) {
                open.rollback();
            }
        }
    }
}
