package dev.backpop.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignSpec;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.Chunk;
import dev.backpop.ledger.NewCampaign;
import dev.backpop.ledger.NewChunk;
import dev.backpop.plan.Plan;
import dev.backpop.plan.PlanReader;
import dev.backpop.settings.Environment;
import dev.backpop.stores.EntityStores;
import dev.backpop.stores.PlanStores;
import dev.backpop.target.LiveTouches;
import dev.backpop.worker.backfill.BackfillRunner;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A backfill under the fence beside live writers, each of whose transactions writes the legacy row and then the new one. */
class FenceUnderLoadTest {
    private static final int KEYS = 300;
    private static final int CHUNKS = 6;
    private static final int PASSES = 6;
    private static final int WRITERS = 6;
    private static final int LANES = 2;

    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicInteger commits = new AtomicInteger();
    /** Keys that a live writer deleted when the target had no row yet, so that no trigger could see them. */
    private final Set<String> deletedBeforeTheyCame = ConcurrentHashMap.newKeySet();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void nothing_stale_is_left_and_nothing_deleted_comes_back_that_a_trigger_could_see(long seed) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS + LANES);
        try (WorkerFixture worker = new WorkerFixture(KEYS)) {
            worker.database.run("INSERT INTO thing SELECT i, 'stale', 1 FROM generate_series(1, " + KEYS + ", 3) AS i");
            Plan plan = new PlanReader(new Environment(worker.variables::get))
                    .read(WorkerFixture.PLAN.replace("guard: overwrite", "guard: fence"), "shop", Path.of("/"));
            try (PlanStores stores = PlanStores.open(plan, worker.target, "worker", LANES)) {
                EntityStores thing = stores.entity(plan.entities().get(0));
                try (Connection connection = worker.target.connection()) {
                    LiveTouches.of("shop", thing.entity(), thing.table()).install(connection);
                }
                List<Future<?>> writers = new ArrayList<>();
                for (int i = 0; i < WRITERS; i++) {
                    Random random = new Random(seed * 100 + i);
                    writers.add(threads.submit(() -> write(worker, random)));
                }
                for (int pass = 0; pass < PASSES; pass++) {
                    backfill(worker, thing, "pass" + pass, threads);
                }
                ended.set(true);
                for (Future<?> writer : writers) {
                    writer.get();
                }
            }
            assertThat(worker.database.ask("SELECT n.id, o.x, n.x FROM old_thing o JOIN thing n USING (id)"
                            + " WHERE o.x IS DISTINCT FROM n.x"))
                    .as("stale")
                    .isEmpty();
            assertThat(worker.database.ask("SELECT id FROM old_thing EXCEPT SELECT id FROM thing"))
                    .as("missing")
                    .isEmpty();
            assertThat(deletedBeforeTheyCame)
                    .as("what came back")
                    .containsAll(worker.database.ask("SELECT id FROM thing EXCEPT SELECT id FROM old_thing"));
            assertThat(commits).hasValueGreaterThan(100);
        } finally {
            ended.set(true);
            threads.shutdownNow();
        }
    }

    private void backfill(WorkerFixture worker, EntityStores thing, String id, ExecutorService threads)
            throws Exception {
        CampaignSpec spec = new CampaignSpec("plan: shop", "/", null, null, false);
        Campaign campaign =
                worker.ledger.create(new NewCampaign(id, "shop", "thing", CampaignKind.BACKFILL, spec, "ann@host"));
        List<NewChunk> planned = new ArrayList<>();
        int size = KEYS / CHUNKS;
        for (int i = 0; i < CHUNKS; i++) {
            planned.add(NewChunk.range(
                    i == 0 ? null : "[" + i * size + "]",
                    "[" + (i * size + 1) + "]",
                    "[" + (i + 1) * size + "]",
                    size));
        }
        worker.ledger.appendChunks(id, null, planned, "[" + KEYS + "]", true);
        BackfillRunner runner =
                new BackfillRunner(campaign, thing, worker.target, worker.ledger, "w", Clock.systemUTC());
        List<Callable<Object>> chunks = new ArrayList<>();
        for (int i = 1; i <= CHUNKS; i++) {
            Chunk chunk = worker.chunk(id, i);
            chunks.add(() -> runner.run(chunk).orElseThrow());
        }
        for (Future<Object> done : threads.invokeAll(chunks)) {
            done.get();
        }
        worker.ledger.transition(id, CampaignState.CANCELLED, null);
    }

    private int write(WorkerFixture worker, Random random) throws SQLException {
        int transactions = 0;
        try (Connection live = worker.database.connect()) {
            live.setAutoCommit(false);
            while (!ended.get()) {
                transactions++;
                Set<Integer> keys = new TreeSet<>();
                for (int i = random.nextInt(3); i >= 0; i--) {
                    keys.add(1 + random.nextInt(KEYS));
                }
                for (int key : keys) {
                    // The fence's premise is that live writes of one key are in order; a delete that does not see
                    // another's insert in the old table, and then sees it in the new one, would not be.
                    execute(live, "SELECT pg_advisory_xact_lock(" + key + ")");
                }
                boolean delete = random.nextInt(3) == 0;
                change(live, "old_thing", keys, delete, transactions + " by " + live.hashCode());
                for (int i = random.nextInt(20); i > 0; i--) {
                    // A transaction that takes its time, so that fetches come between its two writes.
                    execute(live, "SELECT");
                }
                Set<String> unseen = change(live, "thing", keys, delete, transactions + " by " + live.hashCode());
                if (random.nextInt(8) == 0) {
                    live.rollback();
                } else {
                    deletedBeforeTheyCame.addAll(unseen);
                    live.commit();
                    commits.incrementAndGet();
                }
            }
        }
        return transactions;
    }

    /** Returns the keys that were to be deleted and were not there. */
    private static Set<String> change(Connection live, String table, Set<Integer> keys, boolean delete, String value)
            throws SQLException {
        Set<String> notThere = new TreeSet<>();
        for (int key : keys) {
            int rows = execute(
                    live,
                    delete
                            ? "DELETE FROM " + table + " WHERE id = " + key
                            : "INSERT INTO " + table + " VALUES (" + key + ", '" + value
                                    + "', 1) ON CONFLICT (id) DO UPDATE SET x = excluded.x");
            if (rows == 0) {
                notThere.add(Integer.toString(key));
            }
        }
        return notThere;
    }

    private static int execute(Connection live, String sql) throws SQLException {
        try (var statement = live.createStatement()) {
            statement.execute(sql);
            return statement.getUpdateCount();
        }
    }
}
