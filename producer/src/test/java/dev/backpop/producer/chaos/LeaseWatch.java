package dev.backpop.producer.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.XPendingParams;
import redis.clients.jedis.resps.StreamEntry;
import redis.clients.jedis.resps.StreamPendingEntry;

/**
 * Looks at a campaign's pending entries every 50 ms, with commands of its own, and remembers every lease it saw.
 * Thread-safe. What happens while Redis does not answer is not seen.
 */
final class LeaseWatch implements AutoCloseable {
    private static final long LOOK_MILLIS = 50;
    private static final int MOST = 2_000;
    /** A look that was under way at a death may still show a chunk that was settled just before; a later one does not. */
    static final long AFTER_DEATH = TimeUnit.MILLISECONDS.toNanos(5 * LOOK_MILLIS);

    private final RedisServers redis;
    private final String tasks;
    private final Map<Integer, Map<Seen, Looks>> seen = new HashMap<>();
    private final Map<StreamEntryID, Integer> chunks = new HashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread looks = new Thread(this::keepLooking, "lease-watch");
    private Map<Integer, Seen> now = Map.of();
    private @Nullable UnifiedJedis client;

    /** @param tasks the key of the campaign's stream */
    LeaseWatch(RedisServers redis, String tasks) {
        this.redis = redis;
        this.tasks = tasks;
        looks.setDaemon(true);
        looks.start();
    }

    private void keepLooking() {
        try {
            while (!closed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeClient();
        }
    }

    private void look() {
        try {
            UnifiedJedis open = client;
            if (open == null) {
                open = redis.client();
                client = open;
            }
            look(open);
        } catch (JedisDataException e) {
            // There is no such campaign yet, or no group any more.
            forgetNow();
        } catch (JedisException e) {
            // It is down: the next look is on a new connection.
            closeClient();
        }
    }

    private synchronized void forgetNow() {
        now = Map.of();
    }

    private void look(UnifiedJedis open) {
        List<StreamPendingEntry> pending =
                open.xpending(tasks, "workers", XPendingParams.xPendingParams("-", "+", MOST));
        long at = System.nanoTime();
        if (pending.stream().anyMatch(entry -> !chunks.containsKey(entry.getID()))) {
            for (StreamEntry entry : open.xrange(tasks, "-", "+", MOST)) {
                chunks.put(entry.getID(), Integer.valueOf(entry.getFields().getOrDefault("chunk", "0")));
            }
        }
        synchronized (this) {
            Map<Integer, Seen> held = new LinkedHashMap<>();
            for (StreamPendingEntry entry : pending) {
                Integer chunk = chunks.get(entry.getID());
                if (chunk != null) {
                    Seen lease = new Seen(entry.getID().toString(), entry.getConsumerName(), entry.getDeliveredTimes());
                    held.put(chunk, lease);
                    seen.computeIfAbsent(chunk, number -> new LinkedHashMap<>())
                            .merge(lease, new Looks(at, at), (before, last) -> new Looks(before.first(), last.last()));
                }
            }
            now = held;
        }
    }

    /** The chunks that this worker process held at the last look. */
    synchronized List<Integer> heldBy(JavaProcess worker) {
        List<Integer> held = new ArrayList<>();
        now.forEach((chunk, lease) -> {
            if (lease.isOf(worker)) {
                held.add(chunk);
            }
        });
        return held;
    }

    /**
     * The chunks whose leases a worker process still had when it died: its entries stay until others take them, for longer
     * than {@link #AFTER_DEATH}, which must have passed.
     */
    synchronized List<Integer> heldAtDeath(JavaProcess worker, long diedAt) {
        List<Integer> held = new ArrayList<>();
        seen.forEach((chunk, leases) -> leases.forEach((lease, looks) -> {
            if (lease.isOf(worker) && looks.last() - diedAt >= AFTER_DEATH) {
                held.add(chunk);
            }
        }));
        return held;
    }

    /** When a process other than this one was first seen with the chunk, by {@link System#nanoTime}, after a time. */
    synchronized OptionalLong elsewhere(int chunk, JavaProcess than, long after) {
        return seen.getOrDefault(chunk, Map.of()).entrySet().stream()
                .filter(lease -> !lease.getKey().isOf(than) && lease.getValue().first() >= after)
                .mapToLong(lease -> lease.getValue().first())
                .min();
    }

    /** The leases seen beyond the first of each chunk. */
    synchronized long redelivered() {
        return seen.values().stream().mapToLong(leases -> leases.size() - 1).sum();
    }

    @Override
    public void close() {
        closed.countDown();
    }

    private void closeClient() {
        UnifiedJedis open = client;
        client = null;
        if (open != null) {
            open.close();
        }
    }

    private record Looks(long first, long last) {}

    private record Seen(String entry, String consumer, long deliveries) {
        /** A consumer is named host, process, start and lane. */
        boolean isOf(JavaProcess worker) {
            return consumer.matches(".*-" + worker.pid() + "-\\d+-\\d+");
        }
    }
}
