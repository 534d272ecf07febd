package dev.backpop.queue;

import static org.awaitility.Awaitility.await;

import dev.backpop.scratch.ScratchRedis;
import dev.backpop.testing.Servers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;

/** The same contract on a cluster of one node, which refuses keys of different slots in one script. */
class TaskQueueOnClusterTest extends TaskQueueTest {
    static @Nullable ScratchRedis server;

    @BeforeAll
    static void start() {
        ScratchRedis node =
                ScratchRedis.start(Servers.newFolder(), "cluster-enabled yes", "cluster-announce-ip 127.0.0.1");
        server = node;
        try (RedisClient client = RedisClient.create("127.0.0.1", node.port())) {
            client.executeCommand(new CommandArguments(Protocol.Command.CLUSTER)
                    .add("ADDSLOTSRANGE")
                    .add("0")
                    .add("16383"));
            await().until(() -> new String(
                            (byte[]) client.executeCommand(new CommandArguments(Protocol.Command.CLUSTER).add("INFO")),
                            java.nio.charset.StandardCharsets.UTF_8)
                    .contains("cluster_state:ok"));
        }
    }

    @AfterAll
    static void stop() {
        ScratchRedis node = server;
        if (node != null) {
            node.close();
        }
    }

    @Override
    String url() {
        return "redis-cluster://127.0.0.1:"
                + java.util.Objects.requireNonNull(server).port();
    }

    @org.junit.jupiter.api.Test
    void the_rest_of_the_package_works_on_a_cluster_too() {
        connection.check();
        CampaignView view = new CampaignView(connection, keys);
        view.publish(ID, java.util.Map.of("state", "running"), java.time.Instant.EPOCH);
        progress.setPlanned(ID, 3, 30);
        progress.rebuild(ID, TEN_WRITTEN, 3, 30, new java.util.BitSet(), new java.util.BitSet());
        view.retire(ID, java.util.Map.of("state", "completed"), java.time.Duration.ofDays(7));
        Heartbeats heartbeats = new Heartbeats(connection, keys);
        heartbeats.beat(HeartbeatsTest.worker("w1"));
        org.assertj.core.api.Assertions.assertThat(heartbeats.alive()).containsExactly(HeartbeatsTest.worker("w1"));
        heartbeats.remove("w1");
        new Control(connection, keys).publish("look");
    }
}
