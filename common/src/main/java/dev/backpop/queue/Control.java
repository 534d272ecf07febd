package dev.backpop.queue;

import dev.backpop.problem.StoreUnreachableException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Hints to look now, to every process of this Redis. Thread-safe. A hint may be lost or come twice; polling finds
 * whatever it was about anyway.
 */
public final class Control {
    private final RedisConnection connection;
    private final RedisKeys keys;

    public Control(RedisConnection connection, RedisKeys keys) {
        this.connection = connection;
        this.keys = keys;
    }

    /**
     * Sends a hint to whoever listens. Tried a second time when its connection broke, so it may arrive twice.
     *
     * @throws StoreUnreachableException when Redis cannot be used
     */
    public void publish(String message) {
        connection.retrying(redis -> redis.publish(keys.control(), message));
    }

    /**
     * Listens on a daemon thread and a connection of its own until closed, through restarts of Redis. Does not wait until
     * it is connected and does not fail when it cannot be.
     *
     * @param listener called on that thread, one message at a time; what it throws is logged
     */
    public Subscription subscribe(Consumer<String> listener) {
        return Subscription.start(connection, keys.control(), listener, Duration.ofSeconds(60));
    }
}
