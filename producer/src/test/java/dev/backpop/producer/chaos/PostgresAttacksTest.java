package dev.backpop.producer.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.testing.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A target that is restarted, killed, full, crowded, locked, or takes no writes, with sessions that end. */
@Chaos
class PostgresAttacksTest {
    private static final String DONE = "SELECT chunk_no, finished_at FROM backpop.chunk WHERE state = 'done'";
    private static final String OURS =
            " FROM pg_stat_activity WHERE datname = current_database()" + " AND application_name LIKE 'backpop%'";

    /** Two workers, and a driver that has seen a few chunks through. */
    private static JavaProcess begin(Scene scene, double pace) {
        scene.pace(pace);
        scene.worker();
        scene.worker();
        JavaProcess driver = scene.backfill();
        scene.awaitDone(6);
        return driver;
    }

    private static void elapse(Duration time) {
        Awaitility.await().pollDelay(time).atMost(time.plusSeconds(10)).until(() -> true);
    }

    private static void awaitSaid(JavaProcess process, String words) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertThat(process.said()).contains(words));
    }

    private static void endWell(Scene scene, JavaProcess driver, String attack, Instant blow, Instant over)
            throws Exception {
        double seconds = scene.recovery(blow, over);
        scene.pace(0);
        scene.awaitEnd(driver);
        scene.compare(attack, seconds);
        assertThat(scene.number("SELECT sum(attempts) FROM backpop.chunk"))
                .as("attempts burnt by what is no chunk's fault")
                .isZero();
    }

    @Test
    void it_is_restarted() throws Exception {
        try (PostgresNode node = PostgresNode.start();
                Scene scene = Scene.open(node.database(), RedisNode.start())) {
            JavaProcess driver = begin(scene, Scene.SLOW);
            Instant blow = Instant.now();
            node.stop();
            elapse(Duration.ofSeconds(3));
            node.restart();
            endWell(scene, driver, "PostgreSQL: restart, down for 3 s", blow, Instant.now());
        }
    }

    @Test
    void its_sessions_are_terminated_four_times_a_second() throws Exception {
        try (Scene scene = Scene.open()) {
            JavaProcess driver = begin(scene, 0.3);
            Instant blow = Instant.now();
            for (int i = 0; i < 40; i++) {
                scene.ask("SELECT pg_terminate_backend(pid)" + OURS + " AND random() < 0.3");
                elapse(Duration.ofMillis(250));
            }
            endWell(
                    scene,
                    driver,
                    "PostgreSQL: three of ten sessions terminated, 4 times a second for 10 s",
                    blow,
                    Instant.now());
        }
    }

    @Test
    void its_postmaster_is_killed() throws Exception {
        try (PostgresNode node = PostgresNode.start("synchronous_commit=on");
                Scene scene = Scene.open(node.database(), RedisNode.start())) {
            JavaProcess driver = begin(scene, Scene.SLOW);
            List<String> done = scene.ask(DONE);
            Instant blow = Instant.now();
            node.kill();
            node.restart();
            Instant over = Instant.now();
            assertThat(scene.ask(DONE)).as("what was committed").containsAll(done);
            endWell(scene, driver, "PostgreSQL: SIGKILL of the postmaster, crash recovery", blow, over);
        }
    }

    @Test
    void it_is_killed_and_forgets_commits_that_it_had_acknowledged() throws Exception {
        try (PostgresNode node = PostgresNode.start("synchronous_commit=off", "wal_writer_delay=10s");
                Scene scene = Scene.open(node.database(), RedisNode.start())) {
            JavaProcess driver = begin(scene, Scene.SLOW);
            node.run("CHECKPOINT");
            scene.awaitDone(scene.done() + 6);
            List<String> done = scene.ask(DONE);
            Instant blow = Instant.now();
            node.killAll();
            node.restart();
            Instant over = Instant.now();
            assertThat(done).hasSizeGreaterThan(scene.ask(DONE).size());
            assertThat(scene.ask(DONE)).as("some commits are lost").doesNotContainSequence(done);
            endWell(
                    scene,
                    driver,
                    "PostgreSQL: SIGKILL of all of it, acknowledged commits lost (synchronous_commit off)",
                    blow,
                    over);
        }
    }

    @Test
    void others_take_all_of_its_sessions() throws Exception {
        try (PostgresNode node = PostgresNode.start("max_connections=30");
                Scene scene = Scene.open(node.database(), RedisNode.start())) {
            JavaProcess driver = begin(scene, Scene.SLOW);
            Deque<Connection> others = new ArrayDeque<>();
            Instant blow = Instant.now();
            try (Connection first = scene.database.connect()) {
                Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
                    Database.ask(first, "SELECT pg_terminate_backend(pid)" + OURS);
                    takeAll(scene.database, others);
                    return Database.ask(first, "SELECT count(*)" + OURS).equals(List.of("0"));
                });
                awaitSaid(driver, "too many clients");
                elapse(Duration.ofSeconds(5));
                for (Connection other : others) {
                    other.close();
                }
            }
            endWell(
                    scene,
                    driver,
                    "PostgreSQL: every connection taken by others for 5 s and more",
                    blow,
                    Instant.now());
        }
    }

    private static void takeAll(Database database, Deque<Connection> taken) throws SQLException {
        while (true) {
            try {
                taken.add(database.connect());
            } catch (SQLException e) {
                assertThat(e.getSQLState()).isEqualTo("53300");
                return;
            }
        }
    }

    @Test
    void rows_are_locked_for_longer_than_a_statement_may_take() throws Exception {
        try (Scene scene = Scene.open();
                Connection other = scene.database.connect()) {
            other.setAutoCommit(false);
            // Rows that the backfill changes.
            Database.ask(other, "SELECT id FROM thing WHERE id % 3 = 2 AND id < 1000 FOR UPDATE");
            scene.worker();
            Instant blow = Instant.now();
            JavaProcess driver = scene.backfill();
            elapse(Duration.ofSeconds(70));
            assertThat(scene.ask("SELECT DISTINCT x FROM thing WHERE id % 3 = 2 AND id < 1000"))
                    .containsExactly("old");
            other.commit();
            endWell(scene, driver, "PostgreSQL: rows locked by others for 70 s", blow, Instant.now());
        }
    }

    @Test
    void it_ends_deadlocks_with_live_writers_by_failing_chunks() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        AtomicBoolean ended = new AtomicBoolean();
        try (Scene scene = Scene.open()) {
            String deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Random random = new Random(i);
                writers.add(threads.submit(() -> {
                    lockBackwards(scene.database, random, ended);
                    return null;
                }));
            }
            scene.worker();
            scene.worker();
            Instant blow = Instant.now();
            JavaProcess driver = scene.backfill();
            Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> scene.number(deadlocks) >= 3);
            Instant over = Instant.now();
            ended.set(true);
            for (Future<?> writer : writers) {
                writer.get();
            }
            scene.awaitEnd(driver);
            scene.compare("PostgreSQL: deadlocks with live writers", -1);
            OutcomeTable.note(scene.number(deadlocks) + " deadlocks in "
                    + Duration.between(blow, over).toSeconds() + " s cost the chunks "
                    + scene.number("SELECT sum(attempts) FROM backpop.chunk") + " attempts");
        } finally {
            ended.set(true);
            threads.shutdownNow();
        }
    }

    /** Rows that the backfill changes, in the order that is not its own; they stay as they are. */
    private static void lockBackwards(Database database, Random random, AtomicBoolean ended) throws SQLException {
        try (Connection live = database.connect()) {
            Database.ask(live, "SELECT set_config('deadlock_timeout', '30s', false)");
            live.setAutoCommit(false);
            while (!ended.get()) {
                int from = random.nextInt(5) * 1_000;
                try {
                    for (String id : Database.ask(
                            live,
                            "SELECT id FROM thing WHERE id % 3 = 2 AND id BETWEEN " + from + " AND " + (from + 1_000)
                                    + " ORDER BY id DESC LIMIT 10")) {
                        Database.ask(live, "UPDATE thing SET x = x WHERE id = " + id + " RETURNING pg_sleep(0.02)");
                    }
                    live.commit();
                } catch (SQLException e) {
                    live.rollback();
                    assertThat(Set.of("40P01")).contains(String.valueOf(e.getSQLState()));
                }
            }
        }
    }

    @Test
    void it_becomes_read_only() throws Exception {
        try (PostgresNode node = PostgresNode.start();
                Scene scene = Scene.open(node.database(), RedisNode.start())) {
            JavaProcess driver = begin(scene, Scene.SLOW);
            Instant blow = Instant.now();
            node.run("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()");
            awaitSaid(driver, "read-only");
            elapse(Duration.ofSeconds(5));
            node.run(
                    "SET default_transaction_read_only = off",
                    "ALTER SYSTEM RESET default_transaction_read_only",
                    "SELECT pg_reload_conf()");
            endWell(scene, driver, "PostgreSQL: read-only by its settings for 5 s and more", blow, Instant.now());
        }
    }

    @Test
    void a_standby_takes_its_place_and_is_promoted_later() throws Exception {
        try (PostgresNode node = PostgresNode.start();
                Scene scene = Scene.open(node.database(), RedisNode.start())) {
            JavaProcess driver = begin(scene, Scene.SLOW);
            Instant blow = Instant.now();
            node.demote();
            awaitSaid(driver, "read-only");
            elapse(Duration.ofSeconds(5));
            node.promote();
            endWell(scene, driver, "PostgreSQL: failover to a standby that is promoted later", blow, Instant.now());
        }
    }

    @Test
    void its_disk_is_full() throws Exception {
        boolean real = PostgresNode.canMount();
        try (PostgresNode node = real ? PostgresNode.withSmallDisk(100) : PostgresNode.start()) {
            if (real) {
                node.run("ALTER DATABASE app SET TABLESPACE small");
            }
            try (Scene scene = Scene.open(node.database(), RedisNode.start())) {
                JavaProcess driver = begin(scene, Scene.SLOW);
                Instant blow = Instant.now();
                if (real) {
                    fill(scene);
                } else {
                    scene.database.run(
                            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
                                    + " $$ BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$",
                            "CREATE TRIGGER full_disk BEFORE INSERT ON thing EXECUTE FUNCTION full_disk()");
                }
                awaitSaid(driver, "No space left on device");
                elapse(Duration.ofSeconds(5));
                scene.database.run(real ? "DROP TABLE ballast" : "DROP FUNCTION full_disk CASCADE");
                endWell(
                        scene,
                        driver,
                        real
                                ? "PostgreSQL: a full disk for 5 s and more"
                                : "PostgreSQL: 'disk full', raised by a trigger (nothing can be mounted here)",
                        blow,
                        Instant.now());
            }
        }
    }

    /** Until there is no room for a page more. */
    private static void fill(Scene scene) throws SQLException {
        scene.database.run("CREATE TABLE ballast (x text)", "ALTER TABLE ballast ALTER x SET STORAGE PLAIN");
        for (int rows : new int[] {4_096, 512, 64, 8, 1}) {
            try {
                while (true) {
                    scene.database.run(
                            "INSERT INTO ballast SELECT repeat('x', 7900) FROM generate_series(1, " + rows + ")");
                }
            } catch (SQLException e) {
                assertThat(e.getSQLState()).isEqualTo("53100");
            }
        }
    }
}
