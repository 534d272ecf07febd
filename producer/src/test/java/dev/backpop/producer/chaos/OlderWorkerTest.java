package dev.backpop.producer.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.UnifiedJedis;

/**
 * Workers of this build beside things of a later one: a ledger that was upgraded under them, fields that they do not know,
 * a campaign of a kind that they do not know, and another worker which can run what they cannot.
 */
@Chaos
class OlderWorkerTest {
    @Test
    void an_older_worker_leaves_what_it_does_not_know_to_newer_ones() throws Exception {
        try (Scene scene = Scene.open()) {
            scene.pace(0.3);
            // It refuses the campaign, as it would one of a plan or kind that came after it: both are handed back
            // alike.
            JavaProcess older = scene.worker(Map.of("LEGACY_URL", "nonsense"));
            JavaProcess driver = scene.backfill();
            Awaitility.await("it refuses")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> older.said().contains("cannot run it"));
            assertThat(scene.done()).isZero();
            upgrade(scene);
            Instant blow = Instant.now();
            scene.worker();
            scene.awaitDone(4);
            // One that starts on the upgraded ledger, and would upgrade it itself if it were older.
            scene.worker();
            double seconds = scene.recovery(blow, blow);
            Awaitility.await("the unknown kind is handed back")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> scene.ask("SELECT hold_reason FROM backpop.campaign WHERE id = 'later'")
                            .get(0)
                            .contains("does not know: start a newer one"));
            scene.awaitEnd(driver);

            assertThat(scene.ask("SELECT state, attempts, worker FROM backpop.chunk WHERE campaign_id = 'later'"))
                    .containsExactly("planned|0|null");
            assertThat(scene.number("SELECT sum(attempts) FROM backpop.chunk")).isZero();
            assertThat(scene.number("SELECT max(version::int) FROM backpop.flyway_schema_history"))
                    .isEqualTo(99);
            try (UnifiedJedis client = scene.redis.client()) {
                assertThat(client.zrem("backpop:campaigns", "later")).isEqualTo(1);
            }
            scene.compare("workers: an older one beside newer, on a ledger upgraded meanwhile", seconds);
        }
    }

    /** What later versions add, in the ways that the ledger's rules allow: columns with defaults, fields, words. */
    private static void upgrade(Scene scene) {
        scene.run(
                "ALTER TABLE backpop.chunk ADD COLUMN later_count bigint NOT NULL DEFAULT 0",
                "ALTER TABLE backpop.campaign ADD COLUMN later_setting jsonb",
                "CREATE TABLE backpop.later (id int)",
                "INSERT INTO backpop.flyway_schema_history SELECT 99, '99', 'later', type, 'V99__later.sql', 1, 'somebody',"
                        + " now(), 1, true FROM backpop.flyway_schema_history WHERE version = '1'",
                "UPDATE backpop.campaign SET spec = spec || '{\"laterField\": {\"deep\": [1]}}'",
                "INSERT INTO backpop.campaign (id, plan, entity, kind, spec, state, plan_done, created_by)"
                        + " SELECT 'later', 'later', entity, 'backup', spec, 'running', true, 'somebody' FROM backpop.campaign"
                        + " WHERE id = 'c'",
                "INSERT INTO backpop.chunk (campaign_id, chunk_no, first_key, last_key, key_count)"
                        + " VALUES ('later', 1, '[1]', '[10]', 10)");
        try (UnifiedJedis client = scene.redis.client()) {
            client.hset(Scene.key("campaign"), "later", "field");
            client.xgroupCreate("backpop:{later}:tasks", "workers", new StreamEntryID(0, 0), true);
            client.xadd(
                    "backpop:{later}:tasks",
                    StreamEntryID.NEW_ENTRY,
                    Map.of("chunk", "1", "keys", "10", "later", "field"));
            client.hset("backpop:{later}:campaign", Map.of("kind", "backup", "state", "running"));
            client.zadd("backpop:campaigns", (double) Instant.now().toEpochMilli(), "later");
        }
    }
}
