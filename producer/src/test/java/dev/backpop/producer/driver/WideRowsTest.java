package dev.backpop.producer.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignSettings;
import dev.backpop.campaign.CampaignState;
import dev.backpop.ledger.Ledger;
import dev.backpop.plan.Plan;
import dev.backpop.plan.PlanReader;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.queue.RedisConnection;
import dev.backpop.queue.RedisKeys;
import dev.backpop.settings.Environment;
import dev.backpop.stores.PlanStores;
import dev.backpop.testing.Database;
import dev.backpop.testing.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tables whose later rows are a hundred times wider, and a real worker that has little memory for them. */
@Tag("chaos")
class WideRowsTest {
    private static final String PLAN = """
            plan: shop
            legacy: { jdbc: { url: "${STORE_URL}" } }
            target: { url: "${STORE_URL}" }
            entities:
              thing:
                from: { table: old_thing, key: id }
                into: { table: thing, key: id }
                columns: { id: id, x: x }
                guard: overwrite
            """;

    private final String prefix = Servers.newPrefix();
    private final Path log = Servers.newFolder().resolve("worker.log");
    private final Path jar =
            Path.of(System.getProperty("backpop.root", ".."), "worker", "target", "backpop-worker.jar");
    private Database database;
    private PostgresPool target;
    private RedisConnection redis;
    private Ledger ledger;
    private Process worker;

    @BeforeEach
    void open() throws Exception {
        assumeTrue(Files.isRegularFile(jar), "skipped: there is no " + jar + " yet, mvn verify makes it");
        database = Database.with(
                "CREATE TABLE old_thing (id int PRIMARY KEY, x text NOT NULL)",
                "CREATE TABLE thing (id int PRIMARY KEY, x text NOT NULL)");
        target = PostgresPool.target(database.address(), "producer", 6);
        ledger = Ledger.open(target.dataSource());
        redis = RedisConnection.open(Servers.redis().url());
        worker = worker(2);
    }

    @AfterEach
    void close() throws InterruptedException {
        worker.destroyForcibly().waitFor();
        redis.close();
        target.close();
    }

    private Process worker(int lanes) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-jar",
                        jar.toString(),
                        "--lanes",
                        Integer.toString(lanes),
                        "--health-port",
                        "0")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment()
                .putAll(Map.of(
                        "STORE_URL", database.url(),
                        "BACKPOP_TARGET_URL", database.url(),
                        "BACKPOP_REDIS_URL", Servers.redis().url(),
                        "BACKPOP_REDIS_PREFIX", prefix));
        return builder.start();
    }

    private void rows(int from, int to, int width) throws SQLException {
        database.run("INSERT INTO old_thing SELECT i, repeat(chr(97 + i % 26), " + width + ") FROM generate_series("
                + from + ", " + to + ") AS i");
    }

    /** What the target takes for a statement depends on its bytes alone, however fast the machine is. */
    private void bytesPerSecond(double bytes) throws SQLException {
        database.run(
                "CREATE FUNCTION by_width() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        + " PERFORM pg_sleep((SELECT sum(length(x)) FROM coming) / " + bytes + "); RETURN NULL; END $$",
                "CREATE TRIGGER by_width AFTER INSERT ON thing REFERENCING NEW TABLE AS coming"
                        + " EXECUTE FUNCTION by_width()");
    }

    /** Drives a backfill to its end. */
    private Campaign drive(String text, int firstKeys) {
        return drive(text, null, "1s", firstKeys, Dispatch.MOST_IN_WINDOW);
    }

    private Campaign drive(String text, @Nullable String from, String chunkTime, int firstKeys, int mostInWindow) {
        PlanReader plans = new PlanReader(new Environment(Map.of("STORE_URL", database.url())::get));
        Dispatch dispatch = new Dispatch(ledger, redis, new RedisKeys(prefix));
        CampaignOffice office = new CampaignOffice(ledger, dispatch, target, plans, Clock.systemUTC(), new Random());
        Plan plan = plans.read(text, "shop", Path.of("/"));
        String id;
        try (PlanStores stores = PlanStores.open(plan, target, "test", 1)) {
            id = office.create(
                            new CampaignRequest(
                                    plan,
                                    Path.of("/"),
                                    plan.entity("thing").orElseThrow(),
                                    CampaignKind.BACKFILL,
                                    null,
                                    from,
                                    null,
                                    null,
                                    "ann@host"),
                            stores)
                    .id();
        }
        ledger.set(id, settings -> settings.with(CampaignSettings.CHUNK_TIME, chunkTime));
        try (Driver driver = new Driver(
                id,
                ledger,
                dispatch,
                ledger.tryDrive(id).orElseThrow(),
                new StoredPlan(ledger, target, plans, Clock.systemUTC(), dispatch::access),
                new ChunkSizer(CampaignSettings.DEFAULT_CHUNK_TIME, firstKeys),
                System::nanoTime,
                mostInWindow)) {
            return Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(20))
                    .until(driver::runOnce, campaign -> campaign.state().ended() || !worker.isAlive());
        }
    }

    private void everythingArrived() throws SQLException {
        assertThat(worker.isAlive()).as("the worker").isTrue();
        assertThat(database.ask("SELECT count(*) FROM old_thing AS o LEFT JOIN thing AS t USING (id)"
                        + " WHERE t.x IS DISTINCT FROM o.x"))
                .containsExactly("0");
        assertThat(database.ask("SELECT count(*) FROM backpop.chunk WHERE state IN ('failed', 'planned')"))
                .containsExactly("0");
        assertThat(database.ask("SELECT sum(rows_written) = sum(key_count), sum(key_count) FROM backpop.chunk"
                        + " WHERE state = 'done'"))
                .isEqualTo(database.ask("SELECT true, count(*)::numeric FROM old_thing"));
    }

    private double keysPerChunk(String condition) throws SQLException {
        return Double.parseDouble(
                database.ask("SELECT avg(key_count) FROM backpop.chunk WHERE state = 'done' AND " + condition)
                        .get(0));
    }

    /**
     * A narrow row takes the target 200 µs and a wide one 20 ms. The window has as many chunks as there are lanes, which wait
     * beside each other: chunks that were sized for narrow rows and got wide ones take a hundred times as long, all at once.
     */
    @Test
    void the_size_of_chunks_follows_the_width_of_rows() throws Exception {
        worker.destroyForcibly().waitFor();
        worker = worker(8);
        rows(1, 3_200, 100);
        // The first chunks of a process take longer than their rows.
        drive(PLAN, 50);
        rows(3_201, 8_200, 100);
        rows(8_201, 13_400, 10_000);
        bytesPerSecond(500_000);

        Campaign campaign = drive(PLAN, "3201", "250ms", 500, 8);

        assertThat(campaign.state()).as(campaign.reason()).isEqualTo(CampaignState.COMPLETED);
        everythingArrived();
        String ofThis = "campaign_id = '" + campaign.id() + "' AND ";
        double narrow = keysPerChunk(ofThis + "(last_key->>0)::int <= 8200");
        double wide = keysPerChunk(ofThis + "(first_key->>0)::int > 13200");
        assertThat(narrow).as("keys while rows are narrow").isGreaterThanOrEqualTo(20 * wide);
    }

    @Test
    void chunks_that_would_outlast_the_statement_timeout_are_split() throws Exception {
        rows(1, 5_000, 100);
        rows(5_001, 5_400, 10_000);
        bytesPerSecond(1e6);

        Campaign campaign = drive(
                PLAN.replace(
                        "target: { url: \"${STORE_URL}\"", "target: { url: \"${STORE_URL}\", statement_timeout: 1s"),
                1_000);

        assertThat(campaign.state()).as(campaign.reason()).isEqualTo(CampaignState.COMPLETED);
        everythingArrived();
        assertThat(database.ask("SELECT count(*) >= 3, min(first_key->>0)::int > 4000 FROM backpop.chunk"
                        + " WHERE state = 'split' AND last_error LIKE '%statement timeout%'"))
                .containsExactly("t|t");
    }

    @Test
    void rejects_too_wide_for_the_workers_memory_are_kept_by_smaller_chunks() throws Exception {
        rows(1, 1_000, 100);
        // All refused: they and their documents are held until their chunk commits.
        rows(1_001, 1_120, 1_000_000);
        database.run("ALTER TABLE thing ADD CONSTRAINT narrow CHECK (length(x) < 1000000)");

        Campaign campaign = drive(PLAN, 1_000);

        assertThat(campaign.state()).as(campaign.reason()).isEqualTo(CampaignState.COMPLETED);
        assertThat(worker.isAlive()).isTrue();
        assertThat(database.ask("SELECT count(*) FROM thing")).containsExactly("1000");
        assertThat(database.ask("SELECT count(*), count(DISTINCT key), min(length(source->>'x')), min(constraint_name)"
                        + " FROM backpop.reject"))
                .containsExactly("120|120|1000000|narrow");
        assertThat(database.ask("SELECT last_error FROM backpop.chunk WHERE state = 'split'"))
                .isNotEmpty()
                .allMatch(reason -> reason.contains("refused rows take more than"));
    }

    @Test
    void a_row_that_no_heap_of_the_worker_holds_is_set_aside_alone_and_the_worker_lives() throws Exception {
        rows(1, 40, 100);
        database.run("UPDATE old_thing SET x = repeat('x', 150000000) WHERE id = 27");

        Campaign campaign = drive(PLAN, 40);

        assertThat(worker.isAlive()).as("the worker").isTrue();
        assertThat(campaign.state()).isEqualTo(CampaignState.FAILED);
        assertThat(campaign.reason()).contains("ran out of memory", "larger heap");
        assertThat(database.ask("SELECT count(*) FROM thing WHERE id <> 27")).containsExactly("39");
        assertThat(database.ask("SELECT first_key, key_count, attempts FROM backpop.chunk WHERE state = 'failed'"))
                .containsExactly("[27]|1|5");
    }
}
