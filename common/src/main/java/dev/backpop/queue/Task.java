package dev.backpop.queue;

/**
 * A chunk to be queued. What its keys are, the ledger says.
 *
 * @param chunkNo its number in its campaign, from 1
 * @param keyCount how many keys it has
 */
public record Task(int chunkNo, long keyCount) {
    public Task {
        if (chunkNo < 1 || keyCount < 0) {
            throw new IllegalArgumentException("no task: chunk " + chunkNo + " of " + keyCount + " keys");
        }
    }
}
