package dev.backpop.producer.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;

/** A Redis of several servers that changes hands during a campaign. */
@Chaos
class TopologyAttacksTest {
    @Test
    void a_replica_without_the_last_seconds_is_promoted() throws Exception {
        SentinelRedis redis = new SentinelRedis();
        try (Scene scene = Scene.open(redis)) {
            scene.pace(0.5);
            scene.worker();
            scene.worker();
            JavaProcess driver = scene.backfill();
            scene.awaitDone(6);
            redis.stopReplication();
            scene.awaitDone(scene.done() + 10);
            Instant blow = Instant.now();
            long done = chunksDone(redis.master);
            redis.master.kill();
            assertThat(chunksDone(redis.replica))
                    .as("what the replica knows of what was acknowledged")
                    .isLessThan(done);
            Awaitility.await("the replica is promoted")
                    .atMost(Duration.ofSeconds(30))
                    // Its clients are cut off as its role changes.
                    .ignoreExceptionsInstanceOf(JedisException.class)
                    .until(() -> isMaster(redis.replica));
            double seconds = scene.recovery(blow, Instant.now());
            scene.pace(0.1);
            scene.awaitEnd(driver);
            scene.compare("Redis: Sentinel failover that loses the last acknowledged chunks", seconds);
        }
    }

    private static boolean isMaster(RedisNode node) {
        try (UnifiedJedis client = node.client()) {
            return client.info("replication").contains("role:master");
        }
    }

    private static long chunksDone(RedisNode node) {
        try (UnifiedJedis client = node.client()) {
            Map<String, String> progress = client.hgetAll(Scene.key("progress"));
            return Long.parseLong(progress.getOrDefault("chunks.done", "0"));
        }
    }

    @Test
    void the_campaigns_slot_moves_to_another_master() throws Exception {
        ClusterRedis redis = new ClusterRedis();
        try (Scene scene = Scene.open(redis)) {
            scene.pace(0.5);
            scene.worker();
            scene.worker();
            JavaProcess driver = scene.backfill();
            scene.awaitDone(6);
            Instant blow = Instant.now();
            redis.moveSlotOf(Scene.key("tasks"), Duration.ofSeconds(3));
            double seconds = scene.recovery(blow, Instant.now());
            scene.pace(0.1);
            scene.awaitEnd(driver);
            scene.compare("Redis: cluster of 3 masters, the slot moves (for 3 s on two of them)", seconds);
        }
    }
}
