package dev.backpop.producer.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.Chunk;
import dev.backpop.campaign.ChunkState;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.ledger.Ledger;
import dev.backpop.plan.Plan;
import dev.backpop.plan.PlanReader;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.queue.Lease;
import dev.backpop.queue.RedisConnection;
import dev.backpop.queue.RedisKeys;
import dev.backpop.scratch.ScratchRedis;
import dev.backpop.settings.Environment;
import dev.backpop.stores.PlanStores;
import dev.backpop.testing.Database;
import dev.backpop.testing.Servers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

class DriverTest {
    private static final String PLAN = """
            plan: shop
            legacy: { jdbc: { url: "${STORE_URL}" } }
            target: { url: "${STORE_URL}" }
            entities:
              thing:
                from: { table: old_thing, key: id }
                into: { table: thing, key: id }
                columns: { id: id }
                guard: overwrite
                verify: { settle: 0s }
            """;

    private Database database;
    private PostgresPool target;
    private Ledger ledger;
    private RedisConnection redis;
    private Dispatch dispatch;
    private CampaignOffice office;
    private PlanReader plans;

    @BeforeEach
    void open() throws SQLException {
        database =
                Database.with("CREATE TABLE old_thing (id int PRIMARY KEY)", "CREATE TABLE thing (id int PRIMARY KEY)");
        target = PostgresPool.target(database.address(), "producer", 6);
        ledger = Ledger.open(target.dataSource());
        plans = new PlanReader(new Environment(name -> name.equals("STORE_URL") ? database.url() : null));
        connect(Servers.redis().url());
    }

    private void connect(String url) {
        redis = RedisConnection.open(url);
        dispatch = new Dispatch(ledger, redis, new RedisKeys(Servers.newPrefix()));
        office = new CampaignOffice(ledger, dispatch, target, plans, Clock.systemUTC(), new Random(1));
    }

    @AfterEach
    void close() {
        redis.close();
        target.close();
    }

    private static void flush(int port) {
        try (RedisClient client = RedisClient.create("127.0.0.1", port)) {
            client.flushAll();
        }
    }

    private void rows(String table, int from, int to) throws SQLException {
        database.run("INSERT INTO " + table + " SELECT generate_series(" + from + ", " + to + ")");
    }

    private String create(CampaignKind kind, @Nullable String from, @Nullable String to, @Nullable List<String> ids) {
        return create(PLAN, kind, from, to, ids);
    }

    private String create(
            String text, CampaignKind kind, @Nullable String from, @Nullable String to, @Nullable List<String> ids) {
        Plan plan = plans.read(text, "shop", Path.of("/"));
        try (PlanStores stores = PlanStores.open(plan, target, "test", 1)) {
            return office.create(
                            new CampaignRequest(
                                    plan,
                                    Path.of("/"),
                                    plan.entity("thing").orElseThrow(),
                                    kind,
                                    null,
                                    from,
                                    to,
                                    ids,
                                    "ann@host"),
                            stores)
                    .id();
        }
    }

    /** Stands in for workers: takes every queued chunk and says that all of its keys were written, or matched. */
    private int work(String id, long tooFew) throws SQLException {
        int done = 0;
        Optional<Lease> lease = dispatch.queue().lease(id, "w");
        while (lease.isPresent()) {
            Chunk chunk = ledger.chunk(id, lease.get().chunkNo()).orElseThrow();
            Counters counters = Counters.NONE
                    .plus(Counter.ROWS_READ, chunk.keyCount())
                    .plus(
                            id.contains("verify") ? Counter.ROWS_MATCHED : Counter.ROWS_WRITTEN,
                            chunk.keyCount() - tooFew);
            if (chunk.state() == ChunkState.PLANNED) {
                try (Connection connection = database.connect()) {
                    Ledger.finishChunk(connection, id, chunk.chunkNo(), "w", Instant.EPOCH, chunk.keyCount(), counters);
                }
                done++;
            }
            dispatch.queue().complete(lease.get(), counters);
            lease = dispatch.queue().lease(id, "w");
        }
        return done;
    }

    private Campaign drive(Driver driver, String id) throws SQLException {
        Campaign campaign = driver.runOnce();
        for (int i = 0; i < 100 && !campaign.state().ended(); i++) {
            assertThat(dispatch.queue().backlog(id).outstanding()).isBetween(0L, 64L);
            work(id, 0);
            campaign = driver.runOnce();
        }
        return campaign;
    }

    /** The ranges lie end to end: each begins where the one before it ended. */
    private List<String> gaps(String id) throws SQLException {
        return database.ask("SELECT chunk_no FROM (SELECT chunk_no, after_key, keys,"
                + " lag(last_key) OVER (ORDER BY chunk_no) AS before FROM backpop.chunk WHERE campaign_id = '" + id
                + "') AS c WHERE keys IS NULL AND after_key IS DISTINCT FROM before");
    }

    @Test
    void the_backfill_of_an_entity_without_a_guard_installs_the_triggers_of_the_fence() throws Exception {
        create(PLAN.replace("guard: overwrite", ""), CampaignKind.VERIFY, null, null, List.of("1"));
        assertThat(database.ask("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'backpop%'"))
                .containsExactly("0");
        database.run("UPDATE backpop.campaign SET state = 'completed'");

        create(PLAN.replace("guard: overwrite", ""), CampaignKind.BACKFILL, null, null, List.of("1"));

        assertThat(database.ask("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'backpop%'"))
                .containsExactly("4");
    }

    @Test
    void a_campaign_is_planned_end_to_end_as_its_window_drains_and_completes() throws Exception {
        rows("old_thing", 1, 70_003);
        String id = create(CampaignKind.BACKFILL, null, null, null);
        try (Driver driver = office.drive(id).orElseThrow()) {
            assertThat(office.drive(id)).as("one driver at a time").isEmpty();
            driver.runOnce();
            rows("old_thing", 70_004, 70_010);

            assertThat(drive(driver, id).state()).isEqualTo(CampaignState.COMPLETED);
        }
        assertThat(gaps(id)).isEmpty();
        assertThat(ledger.totals(id).keys())
                .as("later rows are not its business")
                .isEqualTo(70_003);
        assertThat(dispatch.progress().read(id))
                .containsEntry("keys.enumerated", 70_003L)
                .containsEntry("rows.written", 70_003L);
        assertThat(dispatch.view().active()).doesNotContain(id);
    }

    @Test
    void another_driver_carries_on_and_a_bound_whose_key_has_gone_is_still_reached() throws Exception {
        rows("old_thing", 1, 70_000);
        String id = create(CampaignKind.BACKFILL, null, null, null);
        try (Driver first = office.drive(id).orElseThrow()) {
            first.runOnce();
        }
        database.run("DELETE FROM old_thing WHERE id > 69000");
        try (Driver second = office.drive(id).orElseThrow()) {
            assertThat(drive(second, id).state()).isEqualTo(CampaignState.COMPLETED);
        }
        assertThat(gaps(id)).isEmpty();
        assertThat(ledger.totals(id).keys()).isEqualTo(69_000);
        assertThat(database.ask("SELECT last_key FROM backpop.chunk ORDER BY chunk_no DESC LIMIT 1"))
                .containsExactly("[70000]");
    }

    @Test
    void bounds_lists_and_empty_tables_are_planned_as_asked() throws Exception {
        String empty = create(CampaignKind.BACKFILL, null, null, null);
        try (Driver driver = office.drive(empty).orElseThrow()) {
            assertThat(drive(driver, empty).state()).isEqualTo(CampaignState.COMPLETED);
        }
        rows("old_thing", 1, 50);
        String bounded = create(CampaignKind.BACKFILL, "9", "100", null);
        try (Driver driver = office.drive(bounded).orElseThrow()) {
            assertThat(drive(driver, bounded).state()).isEqualTo(CampaignState.COMPLETED);
        }
        assertThat(ledger.totals(bounded).keys()).isEqualTo(42);
        String listed = create(CampaignKind.BACKFILL, null, null, List.of("10", " 9 ", "", "10", "77"));
        assertThat(ledger.chunk(listed, 1).orElseThrow().keys()).containsExactly("[9]", "[10]", "[77]");
        try (Driver driver = office.drive(listed).orElseThrow()) {
            assertThat(drive(driver, listed).state()).isEqualTo(CampaignState.COMPLETED);
        }
        assertThatThrownBy(() -> create(CampaignKind.BACKFILL, "10", "9", null))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("--from: 10 comes after --to 9");
        assertThatThrownBy(() -> create(CampaignKind.BACKFILL, "x", null, null))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("--from");
    }

    @Test
    void a_verification_looks_at_target_keys_beyond_the_legacy_stores() throws Exception {
        rows("old_thing", 1, 20);
        rows("thing", 15, 1_100);
        String id = create(CampaignKind.VERIFY, null, null, null);
        try (Driver driver = office.drive(id).orElseThrow()) {
            assertThat(drive(driver, id).state()).isEqualTo(CampaignState.COMPLETED);
        }
        assertThat(database.ask("SELECT sum(jsonb_array_length(keys)), min((keys->0->>0)::int) FROM backpop.chunk"))
                .containsExactly("1080|21");
    }

    @Test
    void a_flushed_redis_is_rebuilt_and_nothing_counts_twice() throws Exception {
        redis.close();
        try (ScratchRedis own = ScratchRedis.start(Servers.newFolder())) {
            connect(own.url());
            rows("old_thing", 1, 5_000);
            String id = create(CampaignKind.BACKFILL, null, null, null);
            try (Driver driver = office.drive(id).orElseThrow()) {
                driver.runOnce();
                Lease lease = dispatch.queue().lease(id, "w").orElseThrow();
                assertThat(lease.chunkNo()).isEqualTo(1);
                flush(own.port());

                assertThat(drive(driver, id).state()).isEqualTo(CampaignState.COMPLETED);
            }
            assertThat(dispatch.progress().read(id)).containsEntry("rows.written", 5_000L);
        }
    }

    @Test
    void a_paused_campaign_waits_and_a_count_that_does_not_add_up_fails_it() throws Exception {
        rows("old_thing", 1, 100);
        String id = create(CampaignKind.BACKFILL, null, null, null);
        try (Driver driver = office.drive(id).orElseThrow()) {
            office.change(id, CampaignState.PAUSED, null);
            assertThat(driver.runOnce().state()).isEqualTo(CampaignState.PAUSED);
            assertThat(ledger.totals(id).chunks()).isZero();
            office.change(id, CampaignState.RUNNING, null);
            driver.runOnce();
            work(id, 1);

            Campaign ended = driver.runOnce();

            assertThat(ended.state()).isEqualTo(CampaignState.FAILED);
            assertThat(ended.reason()).contains("do not add up").contains("1 keys are not accounted for");
        }
    }

    @Test
    void a_chunk_that_failed_fails_the_campaign_until_it_is_tried_again() throws Exception {
        rows("old_thing", 1, 1_500);
        String id = create(CampaignKind.BACKFILL, null, null, null);
        try (Driver driver = office.drive(id).orElseThrow()) {
            driver.runOnce();
            Lease lease = dispatch.queue().lease(id, "w").orElseThrow();
            ledger.failChunk(id, lease.chunkNo(), "no luck");
            dispatch.queue().setAside(lease, "no luck");
            work(id, 0);
            Campaign ended = driver.runOnce();
            assertThat(ended.state()).isEqualTo(CampaignState.FAILED);
            assertThat(ended.reason()).contains("no luck").contains("backpop retry " + id);

            assertThat(office.retry(id)).contains(new CampaignOffice.Retry(1, 0));
            assertThat(drive(driver, id).state()).isEqualTo(CampaignState.COMPLETED);
        }
        assertThat(dispatch.progress().read(id)).containsEntry("rows.written", 1_500L);
    }
}
