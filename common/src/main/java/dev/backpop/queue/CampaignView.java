package dev.backpop.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What Redis shows of the campaigns: which are active, and their state in words. Thread-safe. A view that the driver
 * publishes from the ledger; all calls are tried a second time when their connection broke, all may be applied twice.
 */
public final class CampaignView {
    private static final Script PUBLISH = Script.load("publish.lua");

    private final RedisConnection connection;
    private final RedisKeys keys;

    public CampaignView(RedisConnection connection, RedisKeys keys) {
        this.connection = connection;
        this.keys = keys;
    }

    /**
     * Sets fields of the campaign and lists it as active. Fields not given stay, a field with an empty value is removed.
     * A retired campaign is active again, and its keys stay.
     */
    public void publish(String id, Map<String, String> fields, Instant createdAt) {
        set(id, fields, 0);
        connection.retrying(redis -> redis.zadd(keys.campaigns(), (double) createdAt.toEpochMilli(), id));
    }

    /** True when Redis shows the campaign, active or retired. */
    public boolean exists(String id) {
        return connection.retrying(redis -> redis.exists(keys.campaign(id)));
    }

    /** The ids of the active campaigns, oldest first. */
    public List<String> active() {
        return connection.retrying(redis -> redis.zrange(keys.campaigns(), 0, -1));
    }

    /** The campaign's fields; empty for a campaign that Redis does not know. */
    public Map<String, String> fields(String id) {
        return connection.retrying(redis -> redis.hgetAll(keys.campaign(id)));
    }

    /** Sets the last fields, as {@link #publish}, takes the campaign off the active ones and lets its keys expire. */
    public void retire(String id, Map<String, String> fields, Duration keep) {
        connection.retrying(redis -> redis.zrem(keys.campaigns(), id));
        set(id, fields, Math.max(1, keep.toMillis()));
    }

    private void set(String id, Map<String, String> fields, long keepMillis) {
        List<String> arguments = new ArrayList<>();
        arguments.add(Long.toString(keepMillis));
        fields.forEach((field, value) -> {
            arguments.add(field);
            arguments.add(value);
        });
        connection.retrying(redis -> PUBLISH.runToLong(redis, keys.all(id), arguments));
    }
}
