package dev.backpop.producer.chaos;

import redis.clients.jedis.UnifiedJedis;

/** A Redis that the processes reach through a relay. */
final class RelayedRedis implements RedisServers {
    final RedisNode node = RedisNode.start();
    final Relay relay = Relay.to(node.port());

    @Override
    public String url() {
        return "redis://127.0.0.1:" + relay.port();
    }

    @Override
    public UnifiedJedis client() {
        return node.client();
    }

    @Override
    public void close() {
        relay.close();
        node.close();
    }
}
