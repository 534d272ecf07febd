package dev.backpop.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.plan.HoldThreshold;
import dev.backpop.plan.HoldThresholds;
import dev.backpop.postgres.PostgresAddress;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.testing.Servers;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What only a server of a test's own can show: a replica that is behind, WAL that is not archived, wraparound. */
class PressedServerTest {
    private final Path folder = Servers.newFolder();
    private EmbeddedPostgres server;
    private PostgresPool pool;
    private TargetHealth health;

    @BeforeEach
    void start() throws Exception {
        server = EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("primary"))
                .setServerConfig("archive_mode", "on")
                .setServerConfig("autovacuum_naptime", "1s")
                .setServerConfig("max_wal_senders", "3")
                .setServerConfig("wal_keep_size", "256MB")
                .start();
        String url = "postgresql://postgres@127.0.0.1:" + server.getPort() + "/postgres";
        pool = PostgresPool.target(PostgresAddress.parse("test", url, null, null), "test", 2);
        health = new TargetHealth(pool);
        run("CREATE TABLE thing (id int PRIMARY KEY, filler text) WITH (autovacuum_enabled = off)");
    }

    @AfterEach
    void stop() throws IOException {
        pool.close();
        server.close();
    }

    private void run(String... statements) throws SQLException {
        run(server, statements);
    }

    private static void run(EmbeddedPostgres server, String... statements) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private Reading look(HoldThreshold threshold) {
        return Objects.requireNonNull(health.look(List.of(new Watch("c", HoldThresholds.DEFAULTS, "thing")))
                        .get("c"))
                .stream()
                .filter(reading -> reading.threshold() == threshold)
                .findFirst()
                .orElseThrow();
    }

    private Reading.Known known(HoldThreshold threshold) {
        return (Reading.Known) look(threshold);
    }

    @Test
    void wal_that_cannot_be_archived_is_counted_in_segments() throws Exception {
        assertThat(known(HoldThreshold.UNARCHIVED_WAL).over()).isFalse();
        run("ALTER SYSTEM SET archive_command = '/bin/false'", "SELECT pg_reload_conf()");
        for (int i = 0; i < 44; i++) {
            run("SELECT pg_logical_emit_message(false, 'test', 'x'), pg_switch_wal()");
        }

        Reading.Known reading = known(HoldThreshold.UNARCHIVED_WAL);

        assertThat(reading.over()).isTrue();
        assertThat(reading.found()).matches("4[3-9] WAL segments wait to be archived");
        assertThat(reading.bound()).isEqualTo("more than 42");

        run("ALTER SYSTEM SET archive_command = '/bin/true'", "SELECT pg_reload_conf()");
        // After three failures the archiver rests for a minute, unless there is more to do.
        run("SELECT pg_logical_emit_message(false, 'test', 'x'), pg_switch_wal()");
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() ->
                        assertThat(known(HoldThreshold.UNARCHIVED_WAL).share()).isLessThan(0.8));
    }

    @Test
    void a_replica_that_does_not_replay_lags_more_and_more_and_no_longer_once_it_has() throws Exception {
        assertThat(known(HoldThreshold.REPLICA_LAG).found()).isEqualTo("there is no replica");
        try (EmbeddedPostgres standby = standby()) {
            Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                run("INSERT INTO thing SELECT coalesce(max(id), 0) + 1 FROM thing");
                assertThat(known(HoldThreshold.REPLICA_LAG).found()).startsWith("the replica 'standby1' lags 0.");
            });
            run(standby, "SELECT pg_wal_replay_pause()");

            Awaitility.await()
                    .pollInterval(Duration.ofMillis(500))
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> {
                        run("INSERT INTO thing SELECT max(id) + 1 FROM thing");
                        Reading.Known reading = known(HoldThreshold.REPLICA_LAG);
                        assertThat(reading.over()).isTrue();
                        assertThat(reading.found()).matches("the replica 'standby1' lags [5-9]\\.[0-9] s");
                        assertThat(reading.bound()).isEqualTo("more than 5s");
                        assertThat(reading.wayOn()).matches("replica_lag=1[0-9]s");
                    });

            run(standby, "SELECT pg_wal_replay_resume()");
            // Nobody writes, as when every campaign holds: the last measured lag stays until somebody does.
            Awaitility.await()
                    .atMost(Duration.ofSeconds(5))
                    .untilAsserted(() ->
                            assertThat(known(HoldThreshold.REPLICA_LAG).share()).isLessThan(0.1));
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(known(HoldThreshold.REPLICA_LAG).found()).isEqualTo("there is no replica"));
    }

    @Test
    void autovacuum_that_prevents_wraparound_of_the_target_table_is_seen_and_that_of_another_is_not() throws Exception {
        run(
                "CREATE TABLE other (id int)",
                "INSERT INTO thing SELECT i, repeat('x', 500) FROM generate_series(1, 20000) AS i",
                "ALTER TABLE thing SET (autovacuum_enabled = on, autovacuum_freeze_max_age = 100000,"
                        + " autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1)",
                "SET synchronous_commit = off",
                "DO $$ BEGIN FOR i IN 1..110000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$");

        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(
                                known(HoldThreshold.WRAPAROUND_AUTOVACUUM).over())
                        .isTrue());

        assertThat(known(HoldThreshold.WRAPAROUND_AUTOVACUUM).found())
                .isEqualTo("autovacuum runs on thing to prevent wraparound");
        assertThat(health.look(List.of(new Watch("c", HoldThresholds.DEFAULTS, "other")))
                        .values())
                .allSatisfy(readings -> assertThat(readings)
                        .filteredOn(reading -> reading.threshold() == HoldThreshold.WRAPAROUND_AUTOVACUUM)
                        .allSatisfy(reading ->
                                assertThat(((Reading.Known) reading).over()).isFalse()));

        // It gives way to nobody who asks for a lock, unlike any other autovacuum.
        run("ALTER SYSTEM SET autovacuum = off", "SELECT pg_reload_conf()");
        run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%wraparound)'");
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(
                                known(HoldThreshold.WRAPAROUND_AUTOVACUUM).over())
                        .isFalse());
    }

    /** A copy of the running server, made as any base backup is, that follows it. */
    private EmbeddedPostgres standby() throws Exception {
        Path copy = folder.resolve("standby");
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_backup_start('copy', true)");
            copy(folder.resolve("primary"), copy);
            try (ResultSet label = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
                label.next();
                Files.writeString(copy.resolve("backup_label"), label.getString(1));
            }
        }
        Files.deleteIfExists(copy.resolve("postmaster.pid"));
        Files.writeString(copy.resolve("standby.signal"), "");
        Files.writeString(
                copy.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=127.0.0.1 port=" + server.getPort()
                        + " user=postgres application_name=standby1'\n");
        return EmbeddedPostgres.builder()
                .setDataDirectory(copy)
                .setCleanDataDirectory(false)
                .setServerConfig("hot_standby", "on")
                .setServerConfig("wal_receiver_status_interval", "60s")
                .start();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                Path copied = to.resolve(from.relativize(path));
                try {
                    if (Files.isDirectory(path)) {
                        Files.createDirectories(
                                copied,
                                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                    } else {
                        Files.copy(path, copied);
                    }
                } catch (NoSuchFileException e) {
                    // The server removes files while it runs, which a base backup does without.
                    assertThat(path).doesNotExist();
                }
            }
        } catch (UncheckedIOException e) {
            throw new IOException(e);
        }
    }
}
