package dev.backpop.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which workers are alive, by Redis' clock. Thread-safe. All calls are tried a second time when their connection broke;
 * all may be applied twice.
 */
public final class Heartbeats {
    /** A worker whose last heartbeat is older is not alive. */
    public static final Duration ALIVE = Duration.ofSeconds(15);

    private static final Duration STATUS_KEPT = Duration.ofSeconds(30);
    private static final Duration NAME_KEPT = Duration.ofHours(1);
    private static final Script BEAT = Script.load("beat.lua");
    private static final Script WORKER_STATUS = Script.load("worker_status.lua");
    private static final Script ALIVE_NAMES = Script.load("alive.lua");

    private final RedisConnection connection;
    private final RedisKeys keys;
    private final Duration alive;

    public Heartbeats(RedisConnection connection, RedisKeys keys) {
        this(connection, keys, ALIVE);
    }

    Heartbeats(RedisConnection connection, RedisKeys keys, Duration alive) {
        this.connection = connection;
        this.keys = keys;
        this.alive = alive;
    }

    /** Says that a worker is alive and what it does. */
    public void beat(WorkerStatus worker) {
        List<String> arguments = new ArrayList<>(List.of(
                Long.toString(STATUS_KEPT.toMillis()),
                "host",
                worker.host(),
                "pid",
                Long.toString(worker.pid()),
                "version",
                worker.version(),
                "lanes",
                Integer.toString(worker.lanes()),
                "current",
                String.join(" ", worker.current()),
                "started",
                Long.toString(worker.startedAtMillis()),
                "state",
                worker.state()));
        String problem = worker.problem();
        if (problem != null) {
            arguments.add("problem");
            arguments.add(problem);
        }
        connection.retrying(redis -> WORKER_STATUS.runToLong(redis, List.of(keys.worker(worker.name())), arguments));
        connection.retrying(redis -> BEAT.runToLong(redis, List.of(keys.workers()), List.of(worker.name())));
    }

    /** The workers that are alive, the one longest silent first. Forgets names that were silent for an hour. */
    public List<WorkerStatus> alive() {
        Object answer = connection.retrying(redis -> ALIVE_NAMES.run(
                redis,
                List.of(keys.workers()),
                List.of(Long.toString(alive.toMillis()), Long.toString(NAME_KEPT.toMillis()))));
        List<WorkerStatus> workers = new ArrayList<>();
        if (answer instanceof List<?> names) {
            names.forEach(name -> status(String.valueOf(name)).ifPresent(workers::add));
        }
        return workers;
    }

    /** Forgets a worker that stopped. */
    public void remove(String name) {
        connection.retrying(redis -> redis.zrem(keys.workers(), name));
        connection.retrying(redis -> redis.unlink(keys.worker(name)));
    }

    private Optional<WorkerStatus> status(String name) {
        Map<String, String> fields = connection.retrying(redis -> redis.hgetAll(keys.worker(name)));
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        String current = fields.getOrDefault("current", "");
        return Optional.of(new WorkerStatus(
                name,
                fields.getOrDefault("host", ""),
                Long.parseLong(fields.getOrDefault("pid", "0")),
                fields.getOrDefault("version", ""),
                Integer.parseInt(fields.getOrDefault("lanes", "0")),
                current.isEmpty() ? List.of() : List.of(current.split(" ", -1)),
                Long.parseLong(fields.getOrDefault("started", "0")),
                fields.get("problem"),
                fields.getOrDefault("state", "")));
    }
}
