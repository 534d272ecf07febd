package dev.backpop.producer.chaos;

import redis.clients.jedis.UnifiedJedis;

/** The Redis of a scene, in whatever arrangement. */
interface RedisServers extends AutoCloseable {
    /** As the processes get it. */
    String url();

    /** A client past every relay, for looking and for blows; the caller closes it. */
    UnifiedJedis client();

    @Override
    void close();
}
