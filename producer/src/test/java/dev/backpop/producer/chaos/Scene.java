package dev.backpop.producer.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.backpop.producer.cli.Backpop;
import dev.backpop.testing.Database;
import dev.backpop.testing.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import redis.clients.jedis.UnifiedJedis;

/**
 * One attack's surroundings: a database with {@link Things}, a Redis, and real producer and worker processes, all gone with
 * {@link #close}. Its one campaign is {@link #CAMPAIGN}.
 */
final class Scene implements AutoCloseable {
    static final String CAMPAIGN = "c";
    /** A chunk a little slower than the second that chunks are sized for: they become small and many. */
    static final double SLOW = 1.1;

    private static final Path WORKER_JAR =
            Path.of(System.getProperty("backpop.root", ".."), "worker", "target", "backpop-worker.jar");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final Database database;
    final RedisServers redis;
    final Map<String, String> variables = new HashMap<>();
    final LeaseWatch leases;

    private final Path folder = Servers.newFolder();
    private final List<JavaProcess> processes = new ArrayList<>();
    private final Path plan;

    private Scene(Database database, RedisServers redis) throws SQLException, IOException {
        this.database = database;
        this.redis = redis;
        Things.create(database);
        plan = Files.writeString(folder.resolve("shop.yaml"), Things.PLAN);
        variables.put("LEGACY_URL", database.url());
        variables.put("BACKPOP_TARGET_URL", database.url());
        variables.put("BACKPOP_REDIS_URL", redis.url());
        leases = new LeaseWatch(redis, key("tasks"));
    }

    /** On the shared PostgreSQL and a Redis of its own without persistence. */
    static Scene open() throws SQLException, IOException {
        return open(RedisNode.start());
    }

    /** On the shared PostgreSQL; the servers of Redis are closed with the scene. */
    static Scene open(RedisServers redis) throws SQLException, IOException {
        return open(Database.with(), redis);
    }

    /**
     * On any stores.
     *
     * @param database empty
     * @param redis closed with the scene
     */
    static Scene open(Database database, RedisServers redis) throws SQLException, IOException {
        return new Scene(database, redis);
    }

    /** Skips what follows unless there is a worker to start. */
    static void assumeBuilt() {
        assumeTrue(Files.isRegularFile(WORKER_JAR), "skipped: there is no " + WORKER_JAR + " yet, mvn verify makes it");
    }

    static String key(String of) {
        return "backpop:{" + CAMPAIGN + "}:" + of;
    }

    /** A worker of two lanes. */
    JavaProcess worker(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("-Xmx128m", "-jar", WORKER_JAR.toString(), "--health-port", "0"));
        command.addAll(List.of(arguments));
        return start("worker" + processes.size(), variables, command);
    }

    /** A worker whose environment has these variables too. */
    JavaProcess worker(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(variables);
        all.putAll(more);
        return start(
                "worker" + processes.size(),
                all,
                List.of("-Xmx128m", "-jar", WORKER_JAR.toString(), "--health-port", "0"));
    }

    /** Starts the campaign and drives it. */
    JavaProcess backfill() {
        return backpop("backfill", plan.toString(), "--name", CAMPAIGN);
    }

    /** Drives the campaign, or waits to. */
    JavaProcess resume() {
        return backpop("resume", CAMPAIGN);
    }

    JavaProcess backpop(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of("-Xmx128m", "-cp", System.getProperty("java.class.path"), Backpop.class.getName()));
        command.addAll(List.of(arguments));
        return start(arguments[0] + processes.size(), variables, command);
    }

    /** Any other Java process of the scene, with an environment of its own. */
    JavaProcess start(String name, Map<String, String> variables, List<String> command) {
        JavaProcess process = JavaProcess.start(folder.resolve(name + ".log"), variables, command);
        processes.add(process);
        return process;
    }

    /** How long each chunk's insert takes from now on. */
    void pace(double seconds) {
        run("UPDATE pace SET seconds = " + seconds);
    }

    /** Executes statements in a session of their own. */
    void run(String... statements) {
        try {
            database.run(statements);
        } catch (SQLException e) {
            throw new IllegalStateException(String.join("; ", statements), e);
        }
    }

    /** Rows as {@link Database#ask(String)} gives them. */
    List<String> ask(String query) {
        try {
            return database.ask(query);
        } catch (SQLException e) {
            throw new IllegalStateException(query, e);
        }
    }

    long number(String query) {
        return Long.parseLong(ask(query).get(0));
    }

    /** How many chunks are committed. */
    long done() {
        return ask("SELECT to_regclass('backpop.chunk')").get(0).equals("null")
                ? 0
                : number("SELECT count(*) FROM backpop.chunk WHERE state = 'done'");
    }

    /** Waits until so many chunks are committed in all. */
    void awaitDone(long chunks) {
        Awaitility.await("commit of " + chunks + " chunks").atMost(PATIENCE).until(() -> done() >= chunks);
    }

    /** Waits for a chunk that began after this moment and is committed. */
    void awaitDoneAfter(Instant moment) {
        Awaitility.await("a commit after " + moment)
                .atMost(PATIENCE)
                .until(() -> number("SELECT count(*) FROM backpop.chunk WHERE state = 'done' AND started_at > '"
                                + moment + "'")
                        > 0);
    }

    /** Seconds from the blow to the first commit of a chunk that began after the damage was over; waits for it. */
    double recovery(Instant blow, Instant over) {
        awaitDoneAfter(over);
        return Double.parseDouble(ask("SELECT extract(epoch FROM min(finished_at) - '" + blow
                        + "') FROM backpop.chunk WHERE state = 'done' AND started_at > '" + over + "'")
                .get(0));
    }

    /** Lets time pass, for attacks that are about how long something lasts. */
    static void elapse(Duration time) {
        Awaitility.await().pollDelay(time).atMost(time.plusSeconds(5)).until(() -> true);
    }

    /** Waits until the worker is in the middle of a chunk: a lease, and a session that is inserting. */
    void awaitInserting(JavaProcess worker) {
        Awaitility.await("worker " + worker.pid() + " inserts")
                .atMost(PATIENCE)
                .until(() -> !leases.heldBy(worker).isEmpty()
                        && number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                        + " AND wait_event = 'PgSleep'")
                                > 0);
    }

    /** Waits for one process of the scene to hold a chunk that this one holds, and answers with when that began. */
    void awaitElsewhere(int chunk, JavaProcess than, long after) {
        Awaitility.await("chunk " + chunk + " elsewhere")
                .atMost(PATIENCE)
                .until(() -> leases.elsewhere(chunk, than, after).isPresent());
    }

    /** Seconds from a worker's death until the last chunk that it held was leased by another; waits for it. */
    double awaitElsewhere(JavaProcess dead, long diedAt) {
        List<Long> found = new ArrayList<>();
        Awaitility.await("the chunks of " + dead.pid() + " elsewhere")
                .atMost(PATIENCE)
                .until(() -> {
                    found.clear();
                    List<Integer> held = leases.heldAtDeath(dead, diedAt);
                    held.forEach(chunk -> leases.elsewhere(chunk, dead, diedAt).ifPresent(found::add));
                    return System.nanoTime() - diedAt > 2 * LeaseWatch.AFTER_DEATH && found.size() == held.size();
                });
        long last = found.stream().mapToLong(Long::longValue).max().orElse(diedAt);
        return (last - diedAt) / (double) TimeUnit.SECONDS.toNanos(1);
    }

    /** Waits for a command of the campaign to end as the undisturbed one does. */
    void awaitEnd(JavaProcess command) {
        assertThat(command.awaitEnd(PATIENCE)).as(command::said).isEqualTo(Undisturbed.EXIT_CODE);
    }

    /**
     * Compares rows and counts with an undisturbed run's and adds a line to the table.
     *
     * @param secondsToRecover negative for none
     */
    Outcome compare(String attack, double secondsToRecover) throws SQLException {
        Outcome outcome = OutcomeTable.add(measure(attack, secondsToRecover));
        assertAsUndisturbed(outcome);
        return outcome;
    }

    /** What there is to say of the campaign as it stands. */
    Outcome measure(String attack, double secondsToRecover) throws SQLException {
        long inRedis = progress().entrySet().stream()
                .filter(field -> Books.isTerm(field.getKey()))
                .mapToLong(field -> Long.parseLong(field.getValue()))
                .sum();
        long counted = Math.max(Books.of(database, CAMPAIGN).accountedFor(), inRedis);
        return new Outcome(
                attack,
                secondsToRecover,
                leases.redelivered(),
                Things.lost(database),
                Math.max(0, counted - Undisturbed.books().accountedFor()));
    }

    /** Fails unless rows, rejects, counters and Redis are as after the undisturbed run. */
    void assertAsUndisturbed(Outcome outcome) throws SQLException {
        Books books = Books.of(database, CAMPAIGN);
        Books undisturbed = Undisturbed.books();
        assertThat(outcome.lost()).as("rows lost").isZero();
        assertThat(outcome.countedTwice()).as("keys counted twice").isZero();
        assertThat(books.rows()).as("rows and their digest").isEqualTo(undisturbed.rows());
        assertThat(books.rejects()).as("rejects and their digest").isEqualTo(undisturbed.rejects());
        assertThat(books.counts()).as("counters").isEqualTo(undisturbed.counts());
        assertThat(books.accountedFor()).as("law 3").isEqualTo(books.keys()).isEqualTo(Things.ROWS);
        assertThat(books.campaign()).isEqualTo(undisturbed.campaign());
        assertThat(books.chunksNotDone()).isZero();
        Map<String, String> progress = progress();
        progress.values().removeIf("0"::equals);
        progress.remove("chunks.planned");
        assertThat(progress).as("progress in Redis").isEqualTo(books.progress());
        try (UnifiedJedis client = redis.client()) {
            assertThat(client.xlen(key("tasks")) + client.zcard(key("retry")) + client.zcard("backpop:campaigns"))
                    .as("left in Redis")
                    .isZero();
        }
    }

    private Map<String, String> progress() {
        try (UnifiedJedis client = redis.client()) {
            return new TreeMap<>(client.hgetAll(key("progress")));
        }
    }

    @Override
    public void close() {
        leases.close();
        processes.forEach(JavaProcess::close);
        redis.close();
    }
}
