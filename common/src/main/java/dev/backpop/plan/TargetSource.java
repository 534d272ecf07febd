package dev.backpop.plan;

import org.jspecify.annotations.Nullable;

/**
 * The database of the new tables and the ledger.
 *
 * @param url {@code jdbc:postgresql://…} or {@code postgresql://…}; may hold credentials, so it is never printed whole
 */
public record TargetSource(
        String url, @Nullable String user, @Nullable String password) {
    @Override
    public String toString() {
        return "TargetSource[…]";
    }
}
