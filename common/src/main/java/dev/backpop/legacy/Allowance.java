package dev.backpop.legacy;

import org.jspecify.annotations.Nullable;

/** What one legacy store's budget gives to the requests of one class. Thread-safe. */
public interface Allowance {
    /**
     * Waits until one more request may be sent. Requests of the same class and process are served in the order of their coming.
     *
     * @param alone a name of which only one request of all processes may be under way; null for a request that may run beside
     *     any other
     * @throws LegacyHeldException when none may be sent for more than a few seconds: saying why, and until when
     * @throws LegacyUnavailableException when the thread is interrupted
     * @throws dev.backpop.problem.StoreUnreachableException when the budget itself cannot be asked
     */
    Permit take(@Nullable String alone);
}
