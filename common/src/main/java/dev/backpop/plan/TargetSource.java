package dev.backpop.plan;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The database of the new tables and the ledger.
 *
 * @param url {@code jdbc:postgresql://…} or {@code postgresql://…}; may hold credentials, so it is never printed whole
 * @param statementTimeout how long it may work on one statement of a chunk; null for the default, a minute
 */
public record TargetSource(
        String url,
        @Nullable String user,
        @Nullable String password,
        @Nullable Duration statementTimeout) {
    public TargetSource(String url, @Nullable String user, @Nullable String password) {
        this(url, user, password, null);
    }

    @Override
    public String toString() {
        return "TargetSource[…]";
    }
}
