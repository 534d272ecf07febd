package dev.backpop.ledger;

/**
 * What a replay made of the rejects it tried again.
 *
 * @param tried how many there were
 * @param deferred by how many the deferred rows became more; negative for fewer
 * @param rejected by how many the rejected rows became more; negative for fewer
 */
public record Settled(long tried, long deferred, long rejected) {
    /** How many are neither any more. */
    public long resolved() {
        return -(deferred + rejected);
    }
}
