package dev.backpop.legacy.reddit;

import org.jspecify.annotations.Nullable;

/**
 * Somebody whose votes are read. Its text never shows what is secret.
 *
 * @param id the application's number
 * @param refreshToken null where the application has none
 */
record Voter(long id, String username, @Nullable String refreshToken) {
    @Override
    public String toString() {
        return "Voter[" + id + "]";
    }
}
