package dev.backpop.legacy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Access by this process alone, for a command that works without Redis: it keeps to the plan's limit and obeys the server,
 * and knows nothing of what other processes ask. Thread-safe.
 */
public final class OwnAccess implements LegacyAccess {
    private final LongSupplier nanoTime;
    private final Map<String, OwnAllowance> allowances = new HashMap<>();
    private final Map<String, OwnTokens> tokens = new HashMap<>();

    /** @param nanoTime a monotonic clock, as {@link System#nanoTime} */
    public OwnAccess(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized Allowance allowance(String store, RequestLimit limit) {
        return allowances.computeIfAbsent(store, name -> new OwnAllowance(name, limit, nanoTime));
    }

    @Override
    public synchronized SharedTokens tokens(String store) {
        return tokens.computeIfAbsent(store, name -> new OwnTokens(nanoTime));
    }

    private static final class OwnTokens implements SharedTokens {
        private final LongSupplier nanoTime;
        private final Map<String, Kept> kept = new HashMap<>();
        private final Map<String, Long> begun = new HashMap<>();

        OwnTokens(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
        }

        @Override
        public synchronized Optional<String> find(String name) {
            Kept found = kept.get(name);
            Long until = found == null ? null : found.until();
            return found == null || (until != null && until - nanoTime.getAsLong() <= 0)
                    ? Optional.empty()
                    : Optional.of(found.sealed());
        }

        @Override
        public synchronized void keep(String name, String sealed, @Nullable Duration time) {
            kept.put(name, new Kept(sealed, time == null ? null : nanoTime.getAsLong() + time.toNanos()));
        }

        @Override
        public synchronized void forget(String name, String sealed) {
            kept.computeIfPresent(name, (known, found) -> found.sealed().equals(sealed) ? null : found);
        }

        @Override
        public synchronized boolean begin(String name, Duration most) {
            long now = nanoTime.getAsLong();
            Long until = begun.get(name);
            if (until != null && until - now > 0) {
                return false;
            }
            begun.put(name, now + most.toNanos());
            return true;
        }

        @Override
        public synchronized void end(String name) {
            begun.remove(name);
        }
    }

    private record Kept(String sealed, @Nullable Long until) {}
}
