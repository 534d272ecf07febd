package dev.backpop.producer.driver;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.Chunk;
import dev.backpop.campaign.ChunkPass;
import dev.backpop.campaign.ChunkState;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.ledger.Ledger;
import dev.backpop.plan.Plan;
import dev.backpop.plan.PlanReader;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.queue.Lease;
import dev.backpop.queue.RedisConnection;
import dev.backpop.queue.RedisKeys;
import dev.backpop.settings.Environment;
import dev.backpop.stores.PlanStores;
import dev.backpop.testing.Database;
import dev.backpop.testing.Servers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A legacy table of numbers and a target for it, and drivers over both. */
final class DriverScene implements AutoCloseable {
    /** The text of plans to come. */
    String plan = """
            plan: shop
            legacy: { jdbc: { url: "${STORE_URL}" } }
            target: { url: "${STORE_URL}" }
            entities:
              thing:
                from: { table: old_thing, key: id }
                into: { table: thing, key: id }
                columns: { id: id }
                guard: overwrite
            """;

    final Database database;
    final Map<String, String> variables = new HashMap<>();
    final PostgresPool target;
    final Ledger ledger;
    final RedisConnection redis = RedisConnection.open(Servers.redis().url());
    final Dispatch dispatch;
    final CampaignOffice office;
    private final PlanReader plans = new PlanReader(new Environment(variables::get));

    DriverScene(int rows) throws SQLException {
        database = Database.with(
                "CREATE TABLE old_thing (id int PRIMARY KEY)",
                "INSERT INTO old_thing SELECT generate_series(1, " + rows + ")",
                "CREATE TABLE thing (id int PRIMARY KEY)");
        variables.put("STORE_URL", database.url());
        target = PostgresPool.target(database.address(), "producer", 8);
        ledger = Ledger.open(target.dataSource());
        dispatch = new Dispatch(ledger, redis, new RedisKeys(Servers.newPrefix()));
        office = new CampaignOffice(ledger, dispatch, target, plans, Clock.systemUTC(), new Random(1));
    }

    String create(CampaignKind kind, @Nullable String from, @Nullable String to, @Nullable List<String> ids) {
        Plan read = plans.read(plan, "shop", Path.of("/"));
        try (PlanStores stores = PlanStores.open(read, target, "test", 1)) {
            var request = new CampaignRequest(
                    read, Path.of("/"), read.entity("thing").orElseThrow(), kind, null, from, to, ids, "ann@host");
            return office.create(request, stores).id();
        }
    }

    /** @param nanoTime asked once a step, after the campaign has been read */
    Driver driver(String id, LongSupplier nanoTime) {
        return new Driver(
                id,
                ledger,
                dispatch,
                ledger.tryDrive(id).orElseThrow(),
                plan(),
                new ChunkSizer(second(), 1_000),
                nanoTime);
    }

    StoredPlan plan() {
        return new StoredPlan(ledger, target, plans, Clock.systemUTC(), dispatch::access);
    }

    private static Duration second() {
        return Duration.ofSeconds(1);
    }

    /** Stands in for workers: takes every queued chunk and says that all of its keys were written, or matched. */
    void work(String id) throws SQLException {
        Counter outcome = id.contains("verify") ? Counter.ROWS_MATCHED : Counter.ROWS_WRITTEN;
        Optional<Lease> lease = dispatch.queue().lease(id, "w");
        while (lease.isPresent()) {
            Chunk chunk = ledger.chunk(id, lease.get().chunkNo()).orElseThrow();
            Counters counters = chunk.pass() == ChunkPass.MAIN
                    ? Counters.NONE.plus(Counter.ROWS_READ, chunk.keyCount()).plus(outcome, chunk.keyCount())
                    : Counters.NONE;
            if (chunk.state() == ChunkState.PLANNED) {
                try (Connection connection = database.connect()) {
                    Ledger.finishChunk(connection, id, chunk.chunkNo(), "w", Instant.EPOCH, chunk.keyCount(), counters);
                }
            }
            dispatch.queue().complete(lease.get(), counters);
            lease = dispatch.queue().lease(id, "w");
        }
    }

    Campaign toEnd(String id) throws SQLException {
        try (Driver driver = driver(id, System::nanoTime)) {
            Campaign campaign = driver.runOnce();
            for (int i = 0; i < 100 && !campaign.state().ended(); i++) {
                work(id);
                campaign = driver.runOnce();
            }
            return campaign;
        }
    }

    @Override
    public void close() {
        redis.close();
        target.close();
    }
}
