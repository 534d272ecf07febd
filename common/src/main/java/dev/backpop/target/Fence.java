package dev.backpop.target;

import java.util.regex.Pattern;

/**
 * What of the target was committed before rows were fetched: a snapshot, as {@code pg_current_snapshot()} writes it.
 * Immutable.
 *
 * <p>A snapshot and not a clock: a transaction that wrote before the fetch and commits after the write is not in it.
 *
 * @param snapshot empty for {@link #NONE}
 */
public record Fence(String snapshot) {
    private static final Pattern SNAPSHOT = Pattern.compile("|[0-9]+:[0-9]+:[0-9,]*");

    /** For guards that need no fence, and for writes that are rolled back anyway: no touch is looked at. */
    public static final Fence NONE = new Fence("");

    public Fence {
        if (!SNAPSHOT.matcher(snapshot).matches()) {
            throw new IllegalArgumentException("'" + snapshot + "' is not a snapshot of PostgreSQL");
        }
    }
}
