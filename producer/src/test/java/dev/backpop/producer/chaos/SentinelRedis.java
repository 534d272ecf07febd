package dev.backpop.producer.chaos;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Set;
import org.awaitility.Awaitility;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisSentinelClient;
import redis.clients.jedis.UnifiedJedis;
import redis.embedded.RedisSentinel;

/** A master, its replica, and a Sentinel that promotes the replica a second after the master died. */
final class SentinelRedis implements RedisServers {
    final RedisNode master = RedisNode.start();
    final RedisNode replica = RedisNode.start("replicaof 127.0.0.1 " + master.port());
    private final int port = freePort();
    private final RedisSentinel sentinel = RedisNode.started(this::startSentinel);

    SentinelRedis() throws IOException {
        try (UnifiedJedis client = master.client()) {
            Awaitility.await("the replica follows")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> client.info("replication").contains("state=online"));
        }
        try (UnifiedJedis client = RedisClient.create("127.0.0.1", port)) {
            Awaitility.await("the Sentinel knows the replica")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> client.info("sentinel").contains("slaves=1"));
        }
    }

    private RedisSentinel startSentinel() {
        RedisSentinel started = RedisSentinel.builder()
                .port(port)
                .masterPort(master.port())
                .masterName("main")
                .quorumSize(1)
                .downAfterMilliseconds(1_000L)
                .failoverTimeout(5_000L)
                .build();
        started.start();
        return started;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** From now on the master acknowledges what its replica never gets. */
    void stopReplication() {
        try (UnifiedJedis client = master.client()) {
            client.executeCommand(new CommandArguments(Protocol.Command.ACL)
                    .add("SETUSER")
                    .add("default")
                    .add("-psync")
                    .add("-sync"));
            client.executeCommand(new CommandArguments(Protocol.Command.CLIENT)
                    .add("KILL")
                    .add("TYPE")
                    .add("replica"));
        }
    }

    @Override
    public String url() {
        return "redis-sentinel://127.0.0.1:" + port + "/main";
    }

    @Override
    public UnifiedJedis client() {
        return RedisSentinelClient.builder()
                .masterName("main")
                .sentinels(Set.of(new HostAndPort("127.0.0.1", port)))
                .build();
    }

    @Override
    public void close() {
        sentinel.stop();
        replica.close();
        master.close();
    }
}
