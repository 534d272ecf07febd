package dev.backpop.worker;

import dev.backpop.campaign.Chunk;
import dev.backpop.campaign.Counters;
import java.sql.SQLException;
import java.util.Optional;

/** Runs chunks of one campaign: fetches, and in one transaction of the target does its work and keeps its result. */
public interface ChunkRunner {
    /**
     * Runs a chunk to its commit. Safe to call for a chunk that was run before or is being run elsewhere: the first commit
     * wins. Thread-safe.
     *
     * @return what was counted; empty when the chunk had been done before, and nothing was written
     * @throws SQLException when the target failed; nothing was kept
     * @throws dev.backpop.legacy.LegacyUnavailableException when the legacy store cannot be reached; nothing was kept
     */
    Optional<Counters> run(Chunk chunk) throws SQLException;
}
