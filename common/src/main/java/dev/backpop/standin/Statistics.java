package dev.backpop.standin;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/** What a server has seen since it started. Thread-safe. */
public final class Statistics {
    /** The latest that are kept. */
    private static final int TIMES = 1 << 20;

    private final Map<String, Long> requests = new TreeMap<>();
    private final Map<Integer, Long> statuses = new TreeMap<>();
    private long[] times = new long[1 << 10];
    private long counted;
    private long overAllowance;
    private long concurrentChildren;
    private int inFlight;
    private int mostInFlight;
    private int childrenInFlight;
    private int mostChildrenInFlight;
    private long tokens;

    Statistics() {}

    synchronized void began(String route) {
        requests.merge(route, 1L, Long::sum);
        inFlight++;
        mostInFlight = Math.max(mostInFlight, inFlight);
    }

    synchronized void ended(int status) {
        statuses.merge(status, 1L, Long::sum);
        inFlight--;
    }

    /** A request for data, with a token that is good. */
    synchronized void counted(long nanos, boolean isAllowed) {
        if (!isAllowed) {
            overAllowance++;
        }
        if (counted == times.length && times.length < TIMES) {
            times = Arrays.copyOf(times, times.length * 2);
        }
        times[(int) (counted % times.length)] = nanos;
        counted++;
    }

    synchronized void childrenBegan() {
        childrenInFlight++;
        mostChildrenInFlight = Math.max(mostChildrenInFlight, childrenInFlight);
    }

    synchronized void childrenEnded(boolean wasRefused) {
        childrenInFlight--;
        if (wasRefused) {
            concurrentChildren++;
        }
    }

    synchronized void tokenIssued() {
        tokens++;
    }

    /** How many of each kind, such as {@code /comments/POST}; every request is one, refused ones too. */
    public synchronized Map<String, Long> requests() {
        return new TreeMap<>(requests);
    }

    /** How many answers of each status; 0 for connections that ended without one. */
    public synchronized Map<Integer, Long> statuses() {
        return new TreeMap<>(statuses);
    }

    /**
     * When requests for data came that had a good token, by the server's clock in nanoseconds, rising; those over the
     * allowance are among them. The latest million.
     */
    public synchronized long[] times() {
        long[] kept = Arrays.copyOf(times, (int) Math.min(counted, times.length));
        Arrays.sort(kept);
        return kept;
    }

    /** The most requests for data in any stretch of time of a length, of those that {@link #times} has. */
    public int mostWithin(Duration length) {
        long[] sorted = times();
        int most = 0;
        int first = 0;
        for (int last = 0; last < sorted.length; last++) {
            while (sorted[last] - sorted[first] >= length.toNanos()) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    /** Requests refused because the allowance was used up. */
    public synchronized long overAllowance() {
        return overAllowance;
    }

    /** Calls of {@code morechildren} refused because another one of the same user was running. */
    public synchronized long concurrentChildren() {
        return concurrentChildren;
    }

    public synchronized int mostInFlight() {
        return mostInFlight;
    }

    /** Of all users together, those that were refused among them. */
    public synchronized int mostChildrenInFlight() {
        return mostChildrenInFlight;
    }

    /** Access tokens given out. */
    public synchronized long tokens() {
        return tokens;
    }

    synchronized ObjectNode json() {
        ObjectNode json = Json.object();
        ObjectNode byRoute = Json.object();
        requests.forEach(byRoute::put);
        ObjectNode byStatus = Json.object();
        statuses.forEach((status, count) -> byStatus.put(status.toString(), count));
        json.set("requests", byRoute);
        json.set("statuses", byStatus);
        json.put("counted", counted).put("over_allowance", overAllowance).put("in_flight", inFlight);
        json.put("most_in_flight", mostInFlight).put("most_children_in_flight", mostChildrenInFlight);
        return json.put("concurrent_children", concurrentChildren).put("tokens", tokens);
    }
}
