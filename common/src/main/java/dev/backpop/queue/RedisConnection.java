package dev.backpop.queue;

import dev.backpop.problem.StoreUnreachableException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.RedisSentinelClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.Pool;

/**
 * A bounded pool of connections to Redis: standalone, Sentinel or Cluster. Thread-safe. Connects in 2 s, waits 5 s for an
 * answer and 5 s for a free connection.
 *
 * <p>Give threads that must not wait behind others, such as a heartbeat, a connection of their own.
 */
public final class RedisConnection implements AutoCloseable {
    static final Duration MAX_WAIT = Duration.ofSeconds(5);
    private static final int CONNECT_MILLIS = 2_000;
    private static final int SOCKET_MILLIS = 5_000;
    private static final int CONNECTIONS = 16;

    private final RedisUrl url;
    private final UnifiedJedis jedis;

    private RedisConnection(RedisUrl url, UnifiedJedis jedis) {
        this.url = url;
        this.jedis = jedis;
    }

    /**
     * Prepares a pool of at most 16 connections. A standalone Redis is first spoken to by the first call; Sentinels and
     * clusters are asked for their masters here. A user and password are for the data nodes; Sentinels get none.
     *
     * @param url {@code redis://[user:password@]host:port[/db]}, {@code redis-sentinel://…@host:port,host:port/MASTER} or
     *     {@code redis-cluster://…@host:port,host:port}; {@code rediss…} for TLS
     * @throws dev.backpop.problem.InvalidInputException when the URL is malformed
     * @throws StoreUnreachableException when no Sentinel or cluster node answers
     */
    public static RedisConnection open(String url) {
        return open(RedisUrl.parse(url), CONNECTIONS, SOCKET_MILLIS);
    }

    private static RedisConnection open(RedisUrl url, int connections, int blockingMillis) {
        try {
            return new RedisConnection(url, client(url, connections, blockingMillis));
        } catch (JedisException e) {
            throw RedisFailure.explain(e, url);
        }
    }

    /** One connection of its own to the same Redis, for a call that blocks. */
    RedisConnection dedicated(Duration longestSilence) {
        return open(url, 1, Math.toIntExact(longestSilence.toMillis()));
    }

    /**
     * Makes sure that Redis can be used: it answers, is at least 6.2, and does not evict. Of a cluster, one node is asked.
     *
     * @throws StoreUnreachableException when it does not answer, or refuses the password
     * @throws dev.backpop.problem.InvalidInputException when it is too old, or would evict keys under memory pressure
     */
    public void check() {
        retrying(UnifiedJedis::ping);
        ServerCheck.check(
                url.where(), retrying(redis -> redis.info("server")), retrying(redis -> redis.info("memory")));
    }

    /** The URL without user and password. */
    public String describe() {
        return url.toString();
    }

    /**
     * Calls Redis once.
     *
     * @throws StoreUnreachableException for whatever goes wrong; the call may have been applied all the same
     */
    <T> T once(Function<UnifiedJedis, T> call) {
        try {
            return call.apply(jedis);
        } catch (JedisException e) {
            throw RedisFailure.explain(e, url);
        }
    }

    /**
     * As {@link #once}, with a second try on a new connection when the first broke, as every pooled connection does when
     * the server restarts. Only for calls that may be applied twice.
     */
    <T> T retrying(Function<UnifiedJedis, T> call) {
        try {
            return call.apply(jedis);
        } catch (JedisException e) {
            if (!RedisFailure.isBrokenConnection(e)) {
                throw RedisFailure.explain(e, url);
            }
            pools().forEach(Pool::clear);
            try {
                return call.apply(jedis);
            } catch (JedisException again) {
                again.addSuppressed(e);
                throw RedisFailure.explain(again, url);
            }
        }
    }

    @Override
    public void close() {
        jedis.close();
    }

    private Collection<? extends Pool<Connection>> pools() {
        if (jedis instanceof RedisClient client) {
            return List.of(client.getPool());
        }
        if (jedis instanceof RedisSentinelClient client) {
            Map<?, Pool<Connection>> masters = client.getPrimaryNodesConnectionMap();
            return masters.values();
        }
        return jedis instanceof RedisClusterClient client
                ? client.getClusterNodes().values()
                : List.of();
    }

    private static UnifiedJedis client(RedisUrl url, int connections, int blockingMillis) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(connections);
        pool.setMaxIdle(connections);
        pool.setMaxWait(MAX_WAIT);
        pool.setJmxEnabled(false);
        JedisClientConfig config = config(url)
                .user(url.user())
                .password(url.password())
                .database(url.database())
                .blockingSocketTimeoutMillis(blockingMillis)
                .build();
        if (url.sentinel()) {
            return RedisSentinelClient.builder()
                    .masterName(java.util.Objects.requireNonNull(url.master()))
                    .sentinels(url.hostSet())
                    .sentinelClientConfig(config(url).build())
                    .clientConfig(config)
                    .poolConfig(pool)
                    .build();
        }
        if (url.cluster()) {
            return RedisClusterClient.builder()
                    .nodes(url.hostSet())
                    .clientConfig(config)
                    .poolConfig(pool)
                    .build();
        }
        return RedisClient.builder()
                .hostAndPort(url.hosts().get(0))
                .clientConfig(config)
                .poolConfig(pool)
                .build();
    }

    private static DefaultJedisClientConfig.Builder config(RedisUrl url) {
        DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder()
                .resp2()
                .connectionTimeoutMillis(CONNECT_MILLIS)
                .socketTimeoutMillis(SOCKET_MILLIS)
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED);
        return url.secure() ? config.sslOptions(SslOptions.defaults()) : config;
    }
}
