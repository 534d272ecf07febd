package dev.backpop.producer.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;

/** That the comparison at the end of every attack sees what it is there to see. */
@Chaos
class ComparisonTest {
    @Test
    void a_lost_row_a_wrong_row_and_a_key_counted_twice_are_seen() throws Exception {
        try (Scene scene = Scene.open()) {
            scene.worker();
            scene.awaitEnd(scene.backfill());
            scene.assertAsUndisturbed(scene.measure("none", -1));

            scene.run("BEGIN; DELETE FROM thing WHERE id = 5; UPDATE thing SET x = 'y' WHERE id = 6; COMMIT");
            assertThat(scene.measure("rows", -1).lost()).isEqualTo(2);
            fails(scene, "rows lost");
            scene.run("DELETE FROM thing WHERE id = 6", "INSERT INTO thing SELECT * FROM wanted WHERE id IN (5, 6)");
            scene.assertAsUndisturbed(scene.measure("mended", -1));

            scene.run("UPDATE backpop.chunk SET rows_written = rows_written + 1 WHERE chunk_no = 1");
            assertThat(scene.measure("ledger", -1).countedTwice()).isEqualTo(1);
            fails(scene, "counted twice");
            scene.run("UPDATE backpop.chunk SET rows_written = rows_written - 1 WHERE chunk_no = 1");

            try (UnifiedJedis client = scene.redis.client()) {
                client.hincrBy(Scene.key("progress"), "rows.unchanged", 3);
                assertThat(scene.measure("Redis", -1).countedTwice()).isEqualTo(3);
                client.hincrBy(Scene.key("progress"), "rows.unchanged", -4);
                fails(scene, "progress in Redis");
                client.hincrBy(Scene.key("progress"), "rows.unchanged", 1);
            }

            scene.run("DELETE FROM backpop.reject WHERE id = (SELECT min(id) FROM backpop.reject)");
            fails(scene, "rejects");
        }
    }

    private static void fails(Scene scene, String what) throws Exception {
        Outcome outcome = scene.measure(what, -1);
        assertThatThrownBy(() -> scene.assertAsUndisturbed(outcome))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(what);
    }
}
