package dev.backpop.legacy;

/**
 * What a legacy store needs of its surroundings to be called by many processes: a budget and tokens that they share.
 * Thread-safe.
 */
public interface LegacyAccess {
    /**
     * The budget of one store, for the requests of the class that this access is for.
     *
     * @param store a stable name that every process gives to the same store and client, of letters, digits, dots and dashes
     */
    Allowance allowance(String store, RequestLimit limit);

    /** @param store as in {@link #allowance} */
    SharedTokens tokens(String store);
}
