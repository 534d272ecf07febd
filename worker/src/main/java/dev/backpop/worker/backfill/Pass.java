package dev.backpop.worker.backfill;

import dev.backpop.campaign.Chunk;
import dev.backpop.campaign.Counters;
import dev.backpop.worker.ChunkTransaction;
import java.sql.SQLException;

/** What is done with the keys of a chunk in one of a campaign's passes over them. Thread-safe. */
interface Pass {
    /**
     * What came of a chunk.
     *
     * @param keyCount the keys that were accounted for
     */
    record Outcome(long keyCount, Counters counters) {}

    /**
     * Does it inside the transaction, which it may or may not begin and never ends.
     *
     * @throws SQLException when the target failed
     * @throws dev.backpop.legacy.LegacyUnavailableException when the legacy store cannot be reached
     */
    Outcome run(Chunk chunk, ChunkTransaction transaction) throws SQLException;
}
