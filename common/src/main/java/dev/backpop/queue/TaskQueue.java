package dev.backpop.queue;

import dev.backpop.campaign.Counters;
import dev.backpop.problem.StoreUnreachableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * The queued chunks of every campaign, leased to one consumer at a time. Thread-safe.
 *
 * <p>At least once: a chunk may be delivered again after its lease ran out, and may be queued twice; the ledger decides
 * who writes it, and a bitmap that it counts once here. All may be lost with Redis; the driver rebuilds it from the
 * ledger when {@link #ensureGroup} says that the group was gone.
 *
 * <p>Every call but {@link #enqueue} is tried a second time when its connection broke, which is what a restarted server
 * does to pooled connections. Where the first try was applied and only its answer lost, the second changes nothing: an
 * operation on a lease then answers false although it was done, and a chunk leased by a lost answer comes back when its
 * lease runs out, one delivery poorer.
 *
 * <p>Every method throws {@link StoreUnreachableException} when Redis cannot be used.
 */
public final class TaskQueue {
    /** How long a lease lasts unless it is renewed. */
    public static final Duration DEFAULT_LEASE = Duration.ofSeconds(15);

    /** The window of a campaign, which is how many of its tasks there may be in Redis, is never smaller. */
    public static final int SMALLEST_WINDOW = 64;

    private static final Logger LOG = LoggerFactory.getLogger(TaskQueue.class);
    private static final int BATCH = 500;
    private static final int DEAD_KEPT = 1_000;
    private static final int LONGEST_REASON = 500;
    private static final Script ENQUEUE = Script.load("enqueue.lua");
    private static final Script LEASE = Script.load("lease.lua");
    private static final Script RENEW = Script.load("renew.lua");
    private static final Script COMPLETE = Script.load("complete.lua");
    private static final Script RELEASE = Script.load("release.lua");
    private static final Script RETRY_LATER = Script.load("retry_later.lua");
    private static final Script SET_ASIDE = Script.load("set_aside.lua");
    private static final Script SPLIT = Script.load("split.lua");
    private static final Script PROMOTE_DUE = Script.load("promote_due.lua");
    private static final Script BACKLOG = Script.load("backlog.lua");
    private static final Script CHUNKS = Script.load("chunks.lua");
    private static final Script LEASES = Script.load("leases.lua");

    private final RedisConnection connection;
    private final RedisKeys keys;
    private final Duration lease;

    /** @param lease how long a lease lasts unless it is renewed, at least 1 ms; {@link #DEFAULT_LEASE} */
    public TaskQueue(RedisConnection connection, RedisKeys keys, Duration lease) {
        if (lease.toMillis() < 1) {
            throw new IllegalArgumentException("a lease of " + lease + " is none");
        }
        this.connection = connection;
        this.keys = keys;
        this.lease = lease;
    }

    /**
     * Makes sure that the campaign's stream has its consumer group.
     *
     * @return true when it had none: a new campaign, or Redis lost it and the ledger's chunks must be queued again and
     *     its progress rebuilt
     */
    public boolean ensureGroup(String id) {
        return connection.retrying(redis -> {
            try {
                redis.xgroupCreate(keys.tasks(id), RedisKeys.GROUP, new StreamEntryID(0, 0), true);
                return true;
            } catch (JedisDataException e) {
                if (RedisFailure.isBusyGroup(e)) {
                    return false;
                }
                throw e;
            }
        });
    }

    /**
     * Queues chunks, in order. Not tried again when the connection breaks: some may have been queued, {@link #chunks}
     * tells which. A chunk that is queued twice costs a worker a look into the ledger and counts once.
     */
    public void enqueue(String id, List<Task> tasks) {
        for (int from = 0; from < tasks.size(); from += BATCH) {
            List<String> arguments = new ArrayList<>();
            for (Task task : tasks.subList(from, Math.min(tasks.size(), from + BATCH))) {
                arguments.add(Integer.toString(task.chunkNo()));
                arguments.add(Long.toString(task.keyCount()));
            }
            connection.once(redis -> ENQUEUE.runToLong(redis, List.of(keys.tasks(id)), arguments));
        }
    }

    /**
     * Leases a chunk, one whose lease ran out before a new one. Does not block.
     *
     * <p>Leases nothing of a campaign that Redis shows in another state than running, so that a pause counts from the moment
     * in which it is shown; nor more than its settings {@code lanes} and {@code rate} allow, as Redis shows them. Over any time the keys
     * that are leased are at most those of the rate, a second's worth and one chunk more; a chunk that is leased again counts again.
     *
     * @param consumer who asks: unique to a lane of a process' life, never a name that comes again
     * @return empty when there is none to be leased now, or the group is gone
     */
    public Optional<Lease> lease(String id, String consumer) {
        Object answer = connection
                .retrying(redis -> {
                    try {
                        return Optional.ofNullable(LEASE.run(
                                redis,
                                List.of(keys.tasks(id), keys.campaign(id), keys.rate(id)),
                                List.of(RedisKeys.GROUP, consumer, Long.toString(lease.toMillis()))));
                    } catch (JedisDataException e) {
                        if (RedisFailure.isNoGroup(e)) {
                            return Optional.empty();
                        }
                        throw e;
                    }
                })
                .orElse(null);
        if (!(answer instanceof List<?> found)) {
            return Optional.empty();
        }
        if (found.size() == 1) {
            LOG.warn(
                    "dropped entry {} of {}: it names no chunk, so Backpop did not write it",
                    found.get(0),
                    keys.tasks(id));
            return Optional.empty();
        }
        return Optional.of(new Lease(
                id,
                String.valueOf(found.get(0)),
                Integer.parseInt(String.valueOf(found.get(1))),
                consumer,
                number(found.get(2))));
    }

    /**
     * Starts the lease's time anew, without counting a delivery.
     *
     * @return false when the lease is lost: stop working on the chunk
     */
    public boolean renew(Lease held) {
        return ifOurs(RENEW, held, List.of(keys.tasks(held.campaignId())));
    }

    /**
     * Takes a chunk whose result is in the ledger out of the queue and adds its counters to the progress, once a chunk.
     *
     * @param counters the chunk's result as the ledger has it, also when another worker wrote it
     * @return false when the lease was lost; nothing changed then, whoever holds the chunk completes it
     */
    public boolean complete(Lease held, Counters counters) {
        String id = held.campaignId();
        List<String> counts = new ArrayList<>();
        counts.add(Integer.toString(held.chunkNo()));
        counters.asMap().forEach((counter, amount) -> {
            if (amount != 0) {
                counts.add(counter.redisField());
                counts.add(Long.toString(amount));
            }
        });
        return ifOurs(
                COMPLETE,
                held,
                List.of(keys.tasks(id), keys.progress(id), keys.counted(id), keys.failed(id)),
                counts.toArray(String[]::new));
    }

    /**
     * Hands a chunk back at once, for any consumer; its deliveries start from none.
     *
     * @return false when the lease was lost; nothing changed then
     */
    public boolean release(Lease held) {
        return ifOurs(RELEASE, held, List.of(keys.tasks(held.campaignId())), Integer.toString(held.chunkNo()));
    }

    /**
     * Hands a chunk back for later, when {@link #promoteDue} finds it due by Redis' clock.
     *
     * @return false when the lease was lost; nothing changed then
     */
    public boolean retryLater(Lease held, Duration delay) {
        String id = held.campaignId();
        return ifOurs(
                RETRY_LATER,
                held,
                List.of(keys.tasks(id), keys.retry(id)),
                Integer.toString(held.chunkNo()),
                Long.toString(Math.max(0, delay.toMillis())));
    }

    /**
     * Gives a chunk up and counts it as failed, once a chunk, until it is completed after all.
     *
     * @param reason kept for people, its first 500 characters; must hold no secret
     * @return false when the lease was lost; nothing changed then
     */
    public boolean setAside(Lease held, String reason) {
        String id = held.campaignId();
        return ifOurs(
                SET_ASIDE,
                held,
                List.of(keys.tasks(id), keys.progress(id), keys.counted(id), keys.failed(id), keys.dead(id)),
                Integer.toString(held.chunkNo()),
                reason.substring(0, Math.min(reason.length(), LONGEST_REASON)),
                Integer.toString(DEAD_KEPT));
    }

    /**
     * Takes a chunk that is split in the ledger out of the queue, puts its parts in, and counts them as planned in its
     * place. Parts beyond {@link #SMALLEST_WINDOW} tasks are not put in: they wait in the ledger, and the driver queues them
     * as the window drains.
     *
     * @param parts none when somebody else has queued them, or the driver is to find them
     * @return false when the lease was lost; nothing changed then, and the driver finds the parts
     */
    public boolean split(Lease held, List<Task> parts) {
        String id = held.campaignId();
        List<String> arguments = new ArrayList<>();
        arguments.add(Integer.toString(SMALLEST_WINDOW));
        for (Task part : parts) {
            arguments.add(Integer.toString(part.chunkNo()));
            arguments.add(Long.toString(part.keyCount()));
        }
        return ifOurs(
                SPLIT,
                held,
                List.of(keys.tasks(id), keys.progress(id), keys.retry(id)),
                arguments.toArray(String[]::new));
    }

    /**
     * Queues chunks whose backoff has passed.
     *
     * @return how many, at most {@code max}
     */
    public int promoteDue(String id, int max) {
        return Math.toIntExact(connection.retrying(redis ->
                PROMOTE_DUE.runToLong(redis, List.of(keys.tasks(id), keys.retry(id)), List.of(Integer.toString(max)))));
    }

    /** How many chunks are where; all zero for a campaign that Redis does not know. */
    public Backlog backlog(String id) {
        Object answer = connection.retrying(redis ->
                BACKLOG.run(redis, List.of(keys.tasks(id), keys.retry(id), keys.failed(id)), List.of(RedisKeys.GROUP)));
        if (!(answer instanceof List<?> counts)) {
            throw new IllegalStateException("backlog.lua answered " + answer);
        }
        long leased = number(counts.get(1));
        // An entry that somebody deleted by hand is leased and not in the stream.
        long queued = Math.max(0, number(counts.get(0)) - leased);
        return new Backlog(queued, leased, number(counts.get(2)), number(counts.get(3)));
    }

    /** The chunks that are queued, leased or waiting for a retry, at one moment, in order. Bounded by the window. */
    public Set<Integer> chunks(String id) {
        Object answer =
                connection.retrying(redis -> CHUNKS.run(redis, List.of(keys.tasks(id), keys.retry(id)), List.of()));
        Set<Integer> chunks = new TreeSet<>();
        if (answer instanceof List<?> numbers) {
            numbers.forEach(chunk -> chunks.add(Integer.valueOf(String.valueOf(chunk))));
        }
        return chunks;
    }

    /** The leases that were given and not settled, also of holders that died, oldest entry first; at most 1,000. */
    public List<Lease> leases(String id) {
        Object answer =
                connection.retrying(redis -> LEASES.run(redis, List.of(keys.tasks(id)), List.of(RedisKeys.GROUP)));
        List<Lease> leases = new ArrayList<>();
        if (answer instanceof List<?> found) {
            for (int at = 0; at + 3 < found.size(); at += 4) {
                leases.add(new Lease(
                        id,
                        String.valueOf(found.get(at)),
                        Integer.parseInt(String.valueOf(found.get(at + 1))),
                        String.valueOf(found.get(at + 2)),
                        number(found.get(at + 3))));
            }
        }
        return leases;
    }

    /**
     * Drops what is still queued, leased or waiting for a retry, and the group: for a campaign whose every chunk is done in
     * the ledger. Whoever holds a lease has lost it.
     */
    public void clear(String id) {
        connection.retrying(redis -> redis.unlink(keys.tasks(id), keys.retry(id)));
    }

    /** Removes all that Redis knows of a campaign. */
    public void remove(String id) {
        connection.retrying(redis -> redis.zrem(keys.campaigns(), id));
        connection.retrying(redis -> redis.unlink(keys.all(id).toArray(String[]::new)));
    }

    private boolean ifOurs(Script script, Lease held, List<String> scriptKeys, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of(RedisKeys.GROUP, held.consumer(), held.entryId(), Long.toString(held.deliveries())));
        arguments.addAll(List.of(more));
        return connection.retrying(redis -> {
            try {
                return script.runToLong(redis, scriptKeys, arguments) > 0;
            } catch (JedisDataException e) {
                if (RedisFailure.isNoGroup(e)) {
                    return false;
                }
                throw e;
            }
        });
    }

    private static long number(@Nullable Object value) {
        return value instanceof Long number ? number : Long.parseLong(String.valueOf(value));
    }
}
