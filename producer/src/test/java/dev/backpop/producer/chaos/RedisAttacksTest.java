package dev.backpop.producer.chaos;

import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.UnifiedJedis;

/** A Redis that goes, comes back without what it had, freezes, is full, or forgets parts. */
@Chaos
class RedisAttacksTest {
    /** Two workers in the middle of a campaign. */
    private static JavaProcess start(Scene scene) {
        scene.pace(0.5);
        scene.worker();
        scene.worker();
        JavaProcess driver = scene.backfill();
        scene.awaitDone(6);
        return driver;
    }

    private static void finish(Scene scene, JavaProcess driver, String attack, Instant blow, Instant over)
            throws Exception {
        double seconds = scene.recovery(blow, over);
        scene.pace(0.1);
        scene.awaitEnd(driver);
        scene.compare(attack, seconds);
    }

    @Test
    void it_is_restarted_without_persistence() throws Exception {
        RedisNode node = RedisNode.start();
        try (Scene scene = Scene.open(node)) {
            JavaProcess driver = start(scene);
            Instant blow = Instant.now();
            node.kill();
            Scene.elapse(Duration.ofSeconds(3));
            node.restart();
            finish(scene, driver, "Redis: killed, back after 3 s without its data", blow, Instant.now());
        }
    }

    @Test
    void it_is_restarted_with_an_append_only_file() throws Exception {
        RedisNode node = RedisNode.start("appendonly yes", "appendfsync everysec");
        try (Scene scene = Scene.open(node)) {
            JavaProcess driver = start(scene);
            Instant blow = Instant.now();
            node.kill();
            Scene.elapse(Duration.ofSeconds(3));
            node.restart();
            finish(scene, driver, "Redis: killed, back after 3 s with its append-only file", blow, Instant.now());
        }
    }

    @Test
    void it_is_flushed() throws Exception {
        try (Scene scene = Scene.open()) {
            JavaProcess driver = start(scene);
            Instant blow = Instant.now();
            try (UnifiedJedis client = scene.redis.client()) {
                client.flushAll();
            }
            finish(scene, driver, "Redis: FLUSHALL", blow, blow);
        }
    }

    @Test
    void it_freezes_for_longer_than_a_lease() throws Exception {
        RedisNode node = RedisNode.start();
        try (Scene scene = Scene.open(node)) {
            JavaProcess driver = start(scene);
            Instant blow = Instant.now();
            node.freeze();
            Scene.elapse(Duration.ofSeconds(20));
            node.thaw();
            finish(scene, driver, "Redis: frozen for 20 s, longer than a lease", blow, Instant.now());
        }
    }

    @Test
    void it_is_full() throws Exception {
        try (Scene scene = Scene.open()) {
            JavaProcess driver = start(scene);
            Instant blow = Instant.now();
            try (UnifiedJedis client = scene.redis.client()) {
                client.configSet("maxmemory", "1");
                scene.pace(0);
                // What is queued is done; then nobody can queue more.
                Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> client.xlen(Scene.key("tasks")) == 0);
                Scene.elapse(Duration.ofSeconds(3));
                client.configSet("maxmemory", "0");
            }
            finish(scene, driver, "Redis: maxmemory reached until the window is empty", blow, Instant.now());
        }
    }

    @Test
    void its_scripts_are_flushed_all_the_time() throws Exception {
        try (Scene scene = Scene.open()) {
            JavaProcess driver = start(scene);
            Instant blow = Instant.now();
            try (UnifiedJedis client = scene.redis.client()) {
                again(Duration.ofSeconds(4), client::scriptFlush);
            }
            finish(scene, driver, "Redis: SCRIPT FLUSH every 20 ms for 4 s", blow, blow);
        }
    }

    @Test
    void its_consumer_group_is_destroyed() throws Exception {
        try (Scene scene = Scene.open()) {
            JavaProcess driver = start(scene);
            Instant blow = Instant.now();
            try (UnifiedJedis client = scene.redis.client()) {
                client.xgroupDestroy(Scene.key("tasks"), "workers");
            }
            finish(scene, driver, "Redis: the consumer group is destroyed", blow, blow);
        }
    }

    @Test
    void its_clients_are_killed_all_the_time() throws Exception {
        try (Scene scene = Scene.open()) {
            JavaProcess driver = start(scene);
            Instant blow = Instant.now();
            try (UnifiedJedis client = scene.redis.client()) {
                again(Duration.ofSeconds(5), () -> {
                    kill(client, "normal");
                    kill(client, "pubsub");
                });
            }
            finish(scene, driver, "Redis: CLIENT KILL of everyone every 20 ms for 5 s", blow, Instant.now());
        }
    }

    private static void kill(UnifiedJedis client, String type) {
        client.executeCommand(new CommandArguments(Protocol.Command.CLIENT)
                .add("KILL")
                .add("TYPE")
                .add(type)
                .add("SKIPME")
                .add("yes"));
    }

    private static void again(Duration time, Runnable blow) {
        long end = System.nanoTime() + time.toNanos();
        Awaitility.await()
                .pollInterval(Duration.ofMillis(20))
                .atMost(time.plusSeconds(5))
                .until(() -> {
                    blow.run();
                    return System.nanoTime() > end;
                });
    }
}
