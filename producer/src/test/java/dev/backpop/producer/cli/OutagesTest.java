package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.backpop.scratch.ScratchRedis;
import dev.backpop.testing.Database;
import dev.backpop.testing.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** Campaigns of real processes, which are killed, and whose stores go away, while they run. */
class OutagesTest {
    private static final int ROWS = 100_000;
    private static final String SECRET = "b3tter-n0t-s33n";

    private final Path folder = Servers.newFolder();
    private final Map<String, String> variables = new HashMap<>();
    private final List<Process> processes = new ArrayList<>();
    private Database database;
    private ScratchRedis redis;
    private Path plan;
    private Path workerJar;

    @BeforeEach
    void open() throws Exception {
        workerJar = Path.of(System.getProperty("backpop.root", ".."), "worker", "target", "backpop-worker.jar");
        assumeTrue(Files.isRegularFile(workerJar), "skipped: there is no " + workerJar + " yet, mvn verify makes it");
        redis = ScratchRedis.start(Servers.newFolder(), "requirepass " + SECRET);
        database = Database.with(
                "CREATE TABLE old_thing (id int PRIMARY KEY, x text NOT NULL)",
                "INSERT INTO old_thing SELECT i, 'x' || i FROM generate_series(1, " + ROWS + ") AS i",
                "CREATE TABLE thing (id int PRIMARY KEY, x text NOT NULL)",
                "CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN PERFORM pg_sleep(0.25); RETURN NEW; END $$",
                "CREATE TRIGGER slowly BEFORE INSERT ON thing EXECUTE FUNCTION slowly()");
        plan = Files.writeString(folder.resolve("shop.yaml"), """
                plan: shop
                legacy: { jdbc: { url: "${LEGACY_URL}", password: "${LEGACY_PASSWORD}" } }
                target: { url: "${BACKPOP_TARGET_URL}" }
                entities:
                  thing:
                    from: { table: old_thing, key: id }
                    into: { table: thing, key: id }
                    columns: { id: id, x: x }
                    guard: overwrite
                """);
        String url = database.url().replace("postgres@", "postgres:" + SECRET + "@");
        variables.put("LEGACY_URL", database.url());
        variables.put("LEGACY_PASSWORD", SECRET);
        variables.put("BACKPOP_TARGET_URL", url);
        variables.put("BACKPOP_REDIS_URL", "redis://:" + SECRET + "@127.0.0.1:" + redis.port());
    }

    @AfterEach
    void close() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        redis.close();
    }

    private Process start(String name, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(name).toFile()));
        builder.environment().putAll(variables);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private Process backpop(String name, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Backpop.class.getName()));
        command.addAll(List.of(arguments));
        return start(name, command);
    }

    private Process worker() throws IOException {
        return start("worker", WorkerJar.command(workerJar, List.of("--lanes", "2", "--health-port", "0", "-v")));
    }

    private Path log(String name) {
        return folder.resolve(name + ".log");
    }

    private long done() {
        try {
            return database.ask("SELECT to_regclass('backpop.chunk')").get(0).equals("null")
                    ? 0
                    : Long.parseLong(database.ask("SELECT count(*) FROM backpop.chunk WHERE state = 'done'")
                            .get(0));
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitDone(long chunks) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> done() >= chunks);
    }

    private void awaitSaid(String name, String words) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(log(name)).content().contains(words));
    }

    private static void ends(Process process, int exitCode) throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(exitCode);
    }

    private RedisClient client() {
        return RedisClient.create("redis://:" + SECRET + "@127.0.0.1:" + redis.port());
    }

    private void everyRowIsThereAndCountedOnce(String id) throws Exception {
        assertThat(database.ask("SELECT count(*), sum(id), count(*) FILTER (WHERE x = 'x' || id) FROM thing"))
                .containsExactly(ROWS + "|" + (long) ROWS * (ROWS + 1) / 2 + "|" + ROWS);
        assertThat(database.ask(
                        "SELECT sum(rows_written + rows_unchanged), sum(key_count), max(attempts) FROM backpop.chunk"))
                .containsExactly(ROWS + "|" + ROWS + "|0");
        try (RedisClient client = client()) {
            Map<String, String> progress = client.hgetAll("backpop:{" + id + "}:progress");
            assertThat(progress)
                    .containsEntry("chunks.done", String.valueOf(done()))
                    .containsEntry("keys.enumerated", String.valueOf(ROWS))
                    .containsEntry("rows.written", String.valueOf(ROWS));
            assertThat(client.zcard("backpop:campaigns")).isZero();
        }
    }

    @Test
    void when_drivers_are_killed_the_next_one_carries_on_and_a_follower_takes_over() throws Exception {
        worker();
        Process first = backpop("first", "backfill", plan.toString(), "--name", "c1");
        awaitDone(5);
        CommandRun refused = CommandRun.of(variables, "backfill", plan.toString());
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("c1", "backpop watch c1");
        first.destroyForcibly().waitFor();

        Process driving = backpop("driving", "resume", "c1");
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> database.ask("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted")
                        .equals(List.of("1")));
        Process following = backpop("following", "resume", "c1", "--local-workers", "1");
        awaitDone(15);
        awaitSaid("following", "c1");
        driving.destroyForcibly().waitFor();
        assertThat(ProcessHandle.allProcesses().map(OutagesTest::arguments))
                .anyMatch(arguments -> arguments.contains("--with-parent"))
                .noneMatch(arguments -> arguments.contains(SECRET));

        ends(following, 0);
        everyRowIsThereAndCountedOnce("c1");
        nobodyToldTheSecret();
    }

    private static String arguments(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(process.pid()), "cmdline"));
        } catch (IOException e) {
            // It has ended meanwhile, or the system shows arguments elsewhere.
            return "";
        }
    }

    private void nobodyToldTheSecret() throws Exception {
        for (String table : database.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'backpop'")) {
            assertThat(database.ask("SELECT t::text FROM backpop." + table + " AS t"))
                    .as(table)
                    .noneMatch(row -> row.contains(SECRET));
        }
        try (RedisClient client = client()) {
            for (String key : client.keys("*")) {
                String value = switch (client.type(key)) {
                    case "hash" -> client.hgetAll(key).toString();
                    case "zset" -> client.zrange(key, 0, -1).toString();
                    case "stream" -> client.xrange(key, "-", "+").toString();
                    default -> String.valueOf(client.get(key));
                };
                assertThat(value).as(key).doesNotContain(SECRET);
            }
        }
        try (var files = Files.list(folder)) {
            assertThat(files)
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(Files.readString(file)).doesNotContain(SECRET));
        }
    }

    @Test
    void redis_may_be_flushed_full_and_restarted_and_sessions_may_end_and_the_driver_says_why_it_waits()
            throws Exception {
        worker();
        Process driver = backpop("driver", "backfill", plan.toString(), "--name", "c2");
        awaitDone(4);
        try (RedisClient client = client()) {
            client.flushAll();
            awaitDone(8);
            client.configSet("maxmemory", "1");
            awaitSaid("driver", "maxmemory");
            client.configSet("maxmemory", "0");
        }
        awaitDone(14);
        redis.close();
        awaitSaid("driver", "waiting: Redis at 127.0.0.1:" + redis.port() + " cannot be reached");
        redis = ScratchRedis.startOn(redis.port(), Servers.newFolder(), "requirepass " + SECRET);
        awaitDone(20);
        assertThat(log("driver")).content().doesNotContain("no longer drives");
        database.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                + " WHERE datname = current_database() AND application_name LIKE 'backpop%'");

        ends(driver, 0);
        assertThat(log("driver")).content().contains("no longer drives");
        everyRowIsThereAndCountedOnce("c2");
    }
}
