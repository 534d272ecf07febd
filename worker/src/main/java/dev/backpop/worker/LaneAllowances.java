package dev.backpop.worker;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How many lanes of this worker each campaign may use: all of them while the target is well, one fewer with every look at
 * which it is pressed, but for the last one; none while the campaign holds, and one to begin with afterwards. Thread-safe.
 */
final class LaneAllowances {
    private final int lanes;
    private final Map<String, Integer> allowed = new HashMap<>();
    private final Map<String, Integer> busy = new HashMap<>();

    /** @param lanes how many lanes this worker has */
    LaneAllowances(int lanes) {
        this.lanes = lanes;
    }

    /** Takes in what a look at the target said for this campaign. */
    synchronized void observe(String id, boolean held, boolean pressed) {
        int before = allowed(id);
        if (held) {
            allowed.put(id, 0);
        } else if (pressed) {
            allowed.put(id, Math.max(1, before - 1));
        } else {
            allowed.put(id, Math.min(lanes, before + 1));
        }
    }

    private int allowed(String id) {
        return allowed.getOrDefault(id, lanes);
    }

    /** Takes one of the campaign's lanes; false when it has none left. */
    synchronized boolean begin(String id) {
        if (busy.getOrDefault(id, 0) >= allowed(id)) {
            return false;
        }
        busy.merge(id, 1, Integer::sum);
        return true;
    }

    /** Gives back what {@link #begin} took. */
    synchronized void end(String id) {
        busy.computeIfPresent(id, (campaign, count) -> count == 1 ? null : count - 1);
    }

    /** Forgets every other campaign; one that comes back begins with all lanes. */
    synchronized void keepOnly(Set<String> ids) {
        allowed.keySet().retainAll(ids);
    }

    /** The lanes of the campaign that may use fewest; all of them when every campaign may. */
    synchronized int fewest() {
        return allowed.values().stream().mapToInt(Integer::intValue).min().orElse(lanes);
    }
}
