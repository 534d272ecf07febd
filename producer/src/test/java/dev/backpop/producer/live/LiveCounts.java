package dev.backpop.producer.live;

import dev.backpop.producer.live.Change.Form;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the writers have done. Thread-safe. */
final class LiveCounts {
    private final Map<String, Long> counts = new TreeMap<>();
    private final Set<Integer> unmet = new HashSet<>();

    private synchronized void add(String what) {
        counts.merge(what, 1L, Long::sum);
    }

    void committed(Change change) {
        add("committed");
        add(change.form() + (change.keys().size() > 1 ? " many" : ""));
    }

    /** @param rows how many rows a change found in the new table */
    void met(Change change, long rows) {
        if (rows < change.keys().size() && change.form() != Form.UPSERT) {
            add(change.form() + " of rows that are not there yet");
            synchronized (this) {
                unmet.addAll(change.keys());
                unmet.addAll(change.written());
            }
        }
    }

    /** The keys of which a change found no row in the new table, so that nothing there could see it. */
    synchronized Set<Integer> unmet() {
        return Set.copyOf(unmet);
    }

    void savepoint() {
        add("savepoints rolled back");
    }

    void rolledBack() {
        add("rolled back");
    }

    void truncated() {
        add("truncated");
    }

    void tookLong() {
        add("long");
    }

    void lost() {
        add("second writes lost");
    }

    /** @param millis from the end of the first transaction to the first write of the second */
    synchronized void lagged(long millis) {
        counts.merge("longest lag", millis, Math::max);
    }

    void refused(String sqlState) {
        add("refused " + sqlState);
    }

    synchronized long of(String what) {
        return counts.getOrDefault(what, 0L);
    }

    @Override
    public synchronized String toString() {
        return counts.toString();
    }
}
