package dev.backpop.standin;

/** Counts one user's requests in the current period. Thread-safe. */
final class RateWindow {
    /**
     * @param resetSeconds until the period ends, rounded up
     */
    record Standing(boolean isAllowed, int used, int remaining, long resetSeconds) {}

    private static final long SECOND = 1_000_000_000L;

    private final Allowance allowance;
    private final long startNanos;
    private long period = -1;
    private int used;

    RateWindow(Allowance allowance, long startNanos) {
        this.allowance = allowance;
        this.startNanos = startNanos;
    }

    /** Takes one request, if there is one left. */
    synchronized Standing take(long nowNanos) {
        long length = allowance.per().toNanos();
        long elapsed = nowNanos - startNanos;
        if (elapsed / length != period) {
            period = elapsed / length;
            used = 0;
        }
        boolean isAllowed = used < allowance.requests();
        if (isAllowed) {
            used++;
        }
        long reset = (length - elapsed % length + SECOND - 1) / SECOND;
        return new Standing(isAllowed, used, allowance.requests() - used, reset);
    }
}
