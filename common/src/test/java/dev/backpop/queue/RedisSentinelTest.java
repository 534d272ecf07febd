package dev.backpop.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.scratch.ScratchRedis;
import dev.backpop.testing.Servers;
import java.io.IOException;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import redis.embedded.RedisSentinel;

class RedisSentinelTest {
    @Test
    void the_master_is_found_through_a_sentinel() throws IOException {
        int port = freePort();
        try (ScratchRedis master = ScratchRedis.start(Servers.newFolder())) {
            RedisSentinel sentinel = RedisSentinel.builder()
                    .port(port)
                    .masterPort(master.port())
                    .masterName("main")
                    .quorumSize(1)
                    .build();
            sentinel.start();
            try (RedisConnection connection = RedisConnection.open("redis-sentinel://127.0.0.1:" + port + "/main")) {
                connection.check();
                TaskQueue queue = new TaskQueue(connection, new RedisKeys("backpop"), TaskQueue.DEFAULT_LEASE);
                assertThat(queue.ensureGroup("a")).isTrue();
                queue.enqueue("a", TaskQueueTest.tasks(1, 1));
                assertThat(queue.lease("a", "w")).isPresent();
            } finally {
                sentinel.stop();
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
