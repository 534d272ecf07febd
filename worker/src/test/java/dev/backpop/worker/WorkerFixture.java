package dev.backpop.worker;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignSpec;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.Chunk;
import dev.backpop.campaign.Counters;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.NewCampaign;
import dev.backpop.ledger.NewChunk;
import dev.backpop.plan.Entity;
import dev.backpop.plan.PlanReader;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.queue.CampaignView;
import dev.backpop.queue.Progress;
import dev.backpop.queue.RedisConnection;
import dev.backpop.queue.RedisKeys;
import dev.backpop.queue.SharedAccess;
import dev.backpop.queue.Task;
import dev.backpop.queue.TaskQueue;
import dev.backpop.settings.Environment;
import dev.backpop.target.LiveTouches;
import dev.backpop.target.TargetCatalogue;
import dev.backpop.testing.Database;
import dev.backpop.testing.Servers;
import dev.backpop.worker.metrics.WorkerMetrics;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** One worker without threads, on a database that is legacy store, target and ledger at once. */
final class WorkerFixture implements AutoCloseable {
    static final String PLAN = """
            plan: shop
            legacy: { jdbc: { url: "${LEGACY_URL}" } }
            target: { url: "${TARGET_URL}" }
            entities:
              thing:
                from: { table: old_thing, key: id }
                into: { table: thing, key: id }
                columns: { id: id, x: x, n: "100 / n" }
                guard: overwrite
            """;

    /** The text of plans to come. */
    String plan = PLAN;

    final Database database;
    final Map<String, String> variables = new HashMap<>();
    final AtomicLong nanos = new AtomicLong();
    final PostgresPool target;
    final Ledger ledger;
    final RedisConnection redis = RedisConnection.open(Servers.redis().url());
    final String prefix = Servers.newPrefix();
    final RedisKeys keys = new RedisKeys(prefix);
    final TaskQueue queue = new TaskQueue(redis, keys, TaskQueue.DEFAULT_LEASE);
    final CampaignView view = new CampaignView(redis, keys);
    final Progress progress = new Progress(redis, keys);
    final CampaignRotation rotation = new CampaignRotation(view, nanos::get);
    final LaneAllowances allowances = new LaneAllowances(4);
    final HeldLeases held = new HeldLeases(nanos::get);
    final CampaignHolds holds;
    final OpenCampaigns campaigns;
    final WorkerMetrics metrics = new WorkerMetrics();
    final ChunkExecution execution;
    final Lane lane;
    final Housekeeper housekeeper;

    WorkerFixture(int rows) throws SQLException {
        this.database = Database.with(
                "CREATE TABLE old_thing (id int PRIMARY KEY, x text, n int)",
                "INSERT INTO old_thing SELECT i, 'x' || i, 1 FROM generate_series(1, " + rows + ") AS i",
                "CREATE TABLE thing (id int PRIMARY KEY, x text NOT NULL, n int)");
        this.target = PostgresPool.target(database.address(), "worker", 6);
        this.ledger = Ledger.open(target.dataSource());
        variables.put("LEGACY_URL", database.url());
        variables.put("TARGET_URL", database.url());
        this.holds = new CampaignHolds(ledger, rotation);
        this.campaigns = new OpenCampaigns(
                ledger,
                target,
                new PlanReader(new Environment(variables::get)),
                "w",
                2,
                Clock.systemUTC(),
                kind -> SharedAccess.of(redis, keys, kind));
        this.execution = new ChunkExecution("w", ledger, queue, campaigns, holds, new Retries(() -> 0), metrics);
        this.lane = new Lane("w-1", queue, rotation, allowances, held, execution);
        this.housekeeper = new Housekeeper(queue, rotation, campaigns, holds, held);
    }

    /** A running campaign of so many ranges of ten keys, queued. */
    void start(String id, CampaignKind kind, int chunks) {
        start(id, kind, chunks, 10);
    }

    void start(String id, CampaignKind kind, int chunks, int keys) {
        ledger.create(new NewCampaign(
                id, id, "thing", kind, new CampaignSpec(plan.replace("shop", id), "/", null, null, false), "ann@host"));
        ledger.transition(id, CampaignState.RUNNING, null);
        List<NewChunk> planned = new ArrayList<>();
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < chunks; i++) {
            planned.add(NewChunk.range(
                    i == 0 ? null : "[" + i * keys + "]",
                    "[" + (i * keys + 1) + "]",
                    "[" + (i + 1) * keys + "]",
                    keys));
            tasks.add(new Task(i + 1, keys));
        }
        ledger.appendChunks(id, null, planned, "[" + chunks * keys + "]", true);
        queue.ensureGroup(id);
        queue.enqueue(id, tasks);
        show(id, "running");
    }

    /** Installs the triggers that guard {@code fence} of a campaign needs. */
    void installTriggers(String id) throws SQLException {
        Entity thing = new PlanReader(new Environment(variables::get))
                .read(plan.replace("shop", id), id, Path.of("/"))
                .entities()
                .get(0);
        try (Connection connection = target.connection()) {
            LiveTouches.of(id, thing, TargetCatalogue.table(connection, "thing").orElseThrow())
                    .install(connection);
        }
    }

    void show(String id, String state) {
        view.publish(id, Map.of("state", state), Instant.EPOCH);
        rotation.lookSoon();
    }

    /** One more look of a verification at what is pending; how many chunks it took. */
    int recheck(String id) {
        int chunks = ledger.planRechecks(id, 6);
        ledger.plannedChunks(id, Integer.MAX_VALUE)
                .forEach(chunk -> queue.enqueue(id, List.of(new Task(chunk.chunkNo(), chunk.keyCount()))));
        runAll();
        return chunks;
    }

    /** Runs chunks until there is none to lease; holds do not wait. */
    int runAll() {
        int runs = 0;
        while (lane.runOnce()) {
            runs++;
            pass(Duration.ofMinutes(1));
            housekeeper.runOnce();
        }
        return runs;
    }

    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    Chunk chunk(String id, int number) {
        return ledger.chunk(id, number).orElseThrow();
    }

    Counters counters(String id) {
        return ledger.totals(id).counters();
    }

    String holdReason(String id) {
        return String.valueOf(ledger.find(id).orElseThrow().holdReason());
    }

    @Override
    public void close() {
        campaigns.close();
        metrics.close();
        redis.close();
        target.close();
    }
}
