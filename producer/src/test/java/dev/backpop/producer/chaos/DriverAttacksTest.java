package dev.backpop.producer.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;

/** Drivers that die at every stage of a campaign, and two that drive at once. */
@Chaos
class DriverAttacksTest {
    private static final String LOCK_CAMPAIGN = "SELECT FROM backpop.campaign WHERE id = 'c' FOR UPDATE";

    private static void awaitBlocked(Scene scene, String role, int sessions) {
        Awaitility.await(sessions + " sessions of " + role + " wait for a lock")
                .atMost(Duration.ofSeconds(30))
                .until(() -> scene.number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND application_name = '" + role + "' AND wait_event_type = 'Lock'")
                        >= sessions);
    }

    @Test
    void drivers_are_killed_in_the_middle_of_planning() throws Exception {
        try (Scene scene = Scene.open();
                Connection ledger = transaction(scene);
                Connection legacy = transaction(scene)) {
            scene.worker();
            JavaProcess first = scene.backfill();
            scene.awaitDone(4);
            execute(ledger, LOCK_CAMPAIGN);
            awaitBlocked(scene, "backpop producer", 1);
            Instant blow = Instant.now();
            first.kill();
            execute(legacy, "LOCK TABLE old_thing");
            JavaProcess second = scene.resume();
            ledger.rollback();
            awaitBlocked(scene, "backpop driver", 1);
            second.kill();
            scene.pace(0.2);
            legacy.rollback();
            Instant over = Instant.now();
            JavaProcess third = scene.resume();
            double seconds = scene.recovery(blow, over);
            scene.awaitEnd(third);
            scene.compare("driver: SIGKILL in the ledger's planning transaction, the next while listing keys", seconds);
        }
    }

    private static Connection transaction(Scene scene) throws Exception {
        Connection connection = scene.database.connect();
        connection.setAutoCommit(false);
        return connection;
    }

    private static void execute(Connection connection, String sql) throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void the_driver_is_killed_while_the_window_is_full() throws Exception {
        try (Scene scene = Scene.open()) {
            scene.pace(0.5);
            scene.worker();
            JavaProcess driver = scene.backfill();
            scene.awaitDone(6);
            assertThat(scene.number("SELECT count(*) FROM backpop.chunk WHERE state = 'planned'"))
                    .isGreaterThan(32);
            Instant blow = Instant.now();
            driver.kill();
            scene.pace(0);
            // Workers empty the window without any driver; then nothing is left to do.
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> scene.number("SELECT count(*) FROM backpop.chunk WHERE state = 'planned'") == 0);
            assertThat(scene.ask("SELECT state, plan_done FROM backpop.campaign"))
                    .containsExactly("running|f");
            Instant over = Instant.now();
            JavaProcess next = scene.resume();
            double seconds = scene.recovery(blow, over);
            scene.awaitEnd(next);
            scene.compare("driver: SIGKILL while the window is full", seconds);
        }
    }

    @Test
    void the_driver_is_killed_at_the_last_chunk() throws Exception {
        try (Scene scene = Scene.open()) {
            scene.run("CREATE TABLE last_one (seconds float8)", "INSERT INTO last_one VALUES (600)");
            // The last key's chunk waits for the test, all others do not.
            scene.run("CREATE FUNCTION last_one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                    + " WHILE NEW.id = 100000 AND EXISTS (SELECT FROM public.last_one) LOOP PERFORM pg_sleep(0.05); END LOOP;"
                    + " RETURN NEW; END $$");
            scene.run("CREATE TRIGGER last_one BEFORE INSERT ON thing FOR EACH ROW EXECUTE FUNCTION last_one()");
            scene.worker();
            JavaProcess driver = scene.backfill();
            scene.awaitDone(1);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> scene.ask(
                                    "SELECT count(*) FILTER (WHERE state = 'planned'), bool_or((last_key->>0)::int = 100000)"
                                            + " FROM backpop.chunk")
                            .equals(List.of("1|t")));
            Instant blow = Instant.now();
            driver.kill();
            scene.run("DELETE FROM last_one");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> scene.number("SELECT count(*) FROM backpop.chunk WHERE state = 'planned'") == 0);
            scene.awaitEnd(scene.resume());
            double seconds = Duration.between(blow, Instant.now()).toMillis() / 1000.0;
            scene.compare("driver: SIGKILL at the last chunk (seconds until completed)", seconds);
        }
    }

    @Test
    void the_driver_is_killed_between_the_ledgers_end_and_redis() throws Exception {
        try (Scene scene = Scene.open()) {
            scene.run("CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS"
                    + " $$ BEGIN PERFORM pg_sleep(3); RETURN NEW; END $$");
            JavaProcess worker = scene.worker();
            scene.pace(0.2);
            JavaProcess driver = scene.backfill();
            scene.awaitDone(1);
            scene.run("CREATE CONSTRAINT TRIGGER linger AFTER UPDATE ON backpop.campaign"
                    + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
                    + " WHEN (NEW.state = 'completed') EXECUTE FUNCTION linger()");
            scene.pace(0);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> scene.number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                    + " AND wait_event = 'PgSleep' AND application_name = 'backpop producer'")
                            == 1);
            driver.freeze();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> scene.ask("SELECT state FROM backpop.campaign").equals(List.of("completed")));
            Instant blow = Instant.now();
            driver.kill();
            try (UnifiedJedis client = scene.redis.client()) {
                assertThat(client.zrange("backpop:campaigns", 0, -1)).containsExactly("c");
                assertThat(scene.backpop("campaigns").awaitEnd(Duration.ofSeconds(20)))
                        .isZero();
                assertThat(client.zrange("backpop:campaigns", 0, -1)).isEmpty();
                assertThat(client.hget(Scene.key("campaign"), "state")).isEqualTo("completed");
            }
            double seconds = Duration.between(blow, Instant.now()).toMillis() / 1000.0;
            assertThat(worker.alive()).isTrue();
            scene.compare("driver: SIGKILL between the ledger's end and Redis (until anyone looks)", seconds);
        }
    }

    @Test
    void a_driver_that_froze_goes_on_beside_the_one_that_took_over() throws Exception {
        try (Scene scene = Scene.open()) {
            scene.pace(0.3);
            scene.worker();
            JavaProcess first = scene.backfill();
            scene.awaitDone(4);
            Instant blow;
            JavaProcess second;
            try (Connection other = transaction(scene)) {
                execute(other, LOCK_CAMPAIGN);
                scene.pace(0);
                awaitBlocked(scene, "backpop producer", 1);
                scene.pace(0.3);
                blow = Instant.now();
                first.freeze();
                scene.run("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
                        + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
                second = scene.resume();
                // Both are in the middle of planning the same keys now.
                awaitBlocked(scene, "backpop producer", 2);
                first.thaw();
                other.rollback();
            }
            double seconds = scene.recovery(blow, Instant.now());
            scene.pace(0);
            scene.awaitEnd(first);
            scene.awaitEnd(second);
            scene.compare("driver: two at once, one frozen while planning and thawed", seconds);
        }
    }
}
