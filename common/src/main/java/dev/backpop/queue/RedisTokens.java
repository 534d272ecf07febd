package dev.backpop.queue;

import dev.backpop.legacy.SharedTokens;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.params.SetParams;

/** Tokens in Redis, a string each, sealed by whoever keeps them there. */
final class RedisTokens implements SharedTokens {
    private static final Script FORGET = Script.load("forget.lua");

    private final RedisConnection connection;
    private final RedisKeys keys;
    private final String store;
    private final String self = UUID.randomUUID().toString();

    RedisTokens(RedisConnection connection, RedisKeys keys, String store) {
        this.connection = connection;
        this.keys = keys;
        this.store = store;
    }

    @Override
    public Optional<String> find(String name) {
        return connection.retrying(redis -> Optional.ofNullable(redis.get(keys.token(store, name))));
    }

    @Override
    public void keep(String name, String sealed, @Nullable Duration time) {
        SetParams params = new SetParams();
        if (time != null) {
            params.px(Math.max(1, time.toMillis()));
        }
        connection.retrying(redis -> redis.set(keys.token(store, name), sealed, params));
    }

    @Override
    public void forget(String name, String sealed) {
        removeIf(keys.token(store, name), sealed);
    }

    @Override
    public boolean begin(String name, Duration most) {
        // Tried once: a second try would find the first one's doing in its way.
        return connection.once(redis ->
                        redis.set(lock(name), self, new SetParams().nx().px(most.toMillis())))
                != null;
    }

    @Override
    public void end(String name) {
        removeIf(lock(name), self);
    }

    private void removeIf(String key, String value) {
        connection.retrying(redis -> FORGET.runToLong(redis, List.of(key), List.of(value)));
    }

    private String lock(String name) {
        return keys.token(store, name) + ":lock";
    }
}
