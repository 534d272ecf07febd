package dev.backpop.producer.chaos;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A network between the processes and Redis that cuts, delays, half-closes or swallows. */
@Chaos
class NetworkAttacksTest {
    private static JavaProcess start(Scene scene) {
        scene.pace(0.5);
        scene.worker();
        scene.worker();
        JavaProcess driver = scene.backfill();
        scene.awaitDone(6);
        return driver;
    }

    @Test
    void connections_are_cut_refused_half_closed_and_delayed() throws Exception {
        RelayedRedis redis = new RelayedRedis();
        try (Scene scene = Scene.open(redis)) {
            JavaProcess driver = start(scene);
            Instant blow = Instant.now();
            for (int i = 0; i < 20; i++) {
                redis.relay.cut();
                Scene.elapse(Duration.ofMillis(150));
            }
            redis.relay.refuse(true);
            redis.relay.cut();
            Scene.elapse(Duration.ofSeconds(2));
            redis.relay.refuse(false);
            for (int i = 0; i < 10; i++) {
                redis.relay.halfClose();
                Scene.elapse(Duration.ofMillis(150));
            }
            redis.relay.delay(Duration.ofMillis(200));
            Scene.elapse(Duration.ofSeconds(3));
            redis.relay.delay(Duration.ZERO);
            double seconds = scene.recovery(blow, Instant.now());
            scene.pace(0.1);
            scene.awaitEnd(driver);
            scene.compare("network: to Redis cut 20 times, refused 2 s, half-closed, 200 ms late (8 s)", seconds);
        }
    }

    @Test
    void answers_are_swallowed_for_longer_than_a_lease() throws Exception {
        RelayedRedis redis = new RelayedRedis();
        try (Scene scene = Scene.open(redis)) {
            JavaProcess driver = start(scene);
            Instant blow = Instant.now();
            redis.relay.swallow(true);
            Scene.elapse(Duration.ofSeconds(18));
            redis.relay.swallow(false);
            double seconds = scene.recovery(blow, Instant.now());
            scene.pace(0.1);
            scene.awaitEnd(driver);
            scene.compare("network: everything to and from Redis swallowed for 18 s", seconds);
        }
    }
}
