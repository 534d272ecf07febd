package dev.backpop.ledger;

/**
 * Failed chunks that ended with the same error.
 *
 * @param firstChunk the lowest number among them
 */
public record ChunkErrorGroup(String error, long chunks, int firstChunk) {}
