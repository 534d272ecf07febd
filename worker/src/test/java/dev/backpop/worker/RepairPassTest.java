package dev.backpop.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignSpec;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.ledger.NewCampaign;
import dev.backpop.ledger.NewChunk;
import dev.backpop.queue.Task;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A repair makes listed rows what the legacy store says, whoever wrote them, but for those touched meanwhile; it deletes only
 * when that was asked for.
 */
class RepairPassTest {
    private WorkerFixture worker;

    @BeforeEach
    void open() throws SQLException {
        worker = new WorkerFixture(9);
        worker.plan = WorkerFixture.PLAN.replace("guard: overwrite", "guard: fence");
    }

    @AfterEach
    void close() {
        worker.close();
    }

    private void start(boolean deleteUnexpected, String... keys) {
        String plan = worker.plan.replace("shop", "r");
        worker.ledger.create(
                new NewCampaign(
                        "r",
                        "r",
                        "thing",
                        CampaignKind.REPAIR,
                        new CampaignSpec(plan, "/", null, null, true, null, null, deleteUnexpected),
                        "ann@host"),
                List.of(NewChunk.list(List.of(keys))));
        worker.ledger.transition("r", CampaignState.RUNNING, null);
        worker.queue.ensureGroup("r");
        worker.queue.enqueue("r", List.of(new Task(1, keys.length)));
        worker.show("r", "running");
    }

    private List<String> things() throws SQLException {
        return worker.database.ask("SELECT id || ' ' || x FROM thing ORDER BY id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fence", "insert-only", "overwrite", "{ version: { from: n, into: n } }"})
    void writes_what_is_missing_or_differs_and_removes_what_the_legacy_store_has_not(String guard) throws SQLException {
        lostSecondWrites(guard);
        start(true, "[1]", "[2]", "[3]", "[7]", "[50]", "[60]");

        worker.runAll();

        assertThat(things()).containsExactly("1 x1", "2 x2", "3 x3", "7 x7");
        Counters counters = worker.counters("r");
        assertThat(counters.get(Counter.ROWS_WRITTEN)).isEqualTo(3);
        assertThat(counters.get(Counter.ROWS_UNCHANGED)).isEqualTo(1);
        assertThat(counters.get(Counter.ROWS_ABSENT)).isEqualTo(2);
        assertThat(counters.get(Counter.ROWS_SWEPT)).isEqualTo(1);
        assertThat(worker.ledger.totals("r").tally(CampaignKind.REPAIR).addsUp())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fence", "insert-only", "overwrite", "{ version: { from: n, into: n } }"})
    void deletes_nothing_unless_asked_to(String guard) throws SQLException {
        lostSecondWrites(guard);
        start(false, "[1]", "[2]", "[3]", "[7]", "[50]", "[60]");

        worker.runAll();

        assertThat(things()).containsExactly("1 x1", "2 x2", "3 x3", "7 x7", "50 gone");
        Counters counters = worker.counters("r");
        assertThat(counters.get(Counter.ROWS_WRITTEN)).isEqualTo(3);
        assertThat(counters.get(Counter.ROWS_ABSENT)).isEqualTo(2);
        assertThat(counters.get(Counter.ROWS_SWEPT)).isZero();
        assertThat(worker.ledger.totals("r").tally(CampaignKind.REPAIR).addsUp())
                .isTrue();
    }

    @Test
    void a_repair_that_an_older_build_created_deletes_nothing() throws SQLException {
        worker.installTriggers("r");
        worker.database.run("INSERT INTO thing VALUES (2, 'stale', 1), (50, 'gone', 1)");
        start(true, "[2]", "[50]");
        worker.database.run(
                "UPDATE backpop.campaign SET spec = spec - 'deleteUnexpected' - 'sample' - 'method' WHERE id = 'r'");

        worker.runAll();

        assertThat(things()).containsExactly("2 x2", "50 gone");
    }

    private void lostSecondWrites(String guard) throws SQLException {
        worker.plan = WorkerFixture.PLAN
                .replace("guard: overwrite", "guard: " + guard)
                .replace("100 / n", "n");
        worker.installTriggers("r");
        // Written by others, and deleted by others: what a lost second write leaves behind.
        worker.database.run(
                "INSERT INTO thing VALUES (2, 'stale', 1), (3, 'x3', 1), (50, 'gone', 1), (7, 'x7', 1)",
                "DELETE FROM thing WHERE id = 7");
    }

    @Test
    void leaves_what_a_live_writer_touches_while_it_runs() throws Exception {
        worker.installTriggers("r");
        worker.database.run("INSERT INTO thing VALUES (2, 'stale', 1), (50, 'gone', 1)");
        start(true, "[2]", "[50]");
        ExecutorService lane = Executors.newSingleThreadExecutor();
        try (Connection live = worker.database.connect()) {
            live.setAutoCommit(false);
            live.createStatement().execute("UPDATE old_thing SET x = 'newer' WHERE id = 2");
            live.createStatement().execute("UPDATE thing SET x = 'newer' WHERE id IN (2, 50)");
            Future<Integer> run = lane.submit(() -> worker.runAll());
            Awaitility.await()
                    .until(() -> worker.database
                            .ask("SELECT count(*) FROM pg_locks WHERE NOT granted")
                            .equals(List.of("1")));
            live.commit();
            run.get();
        } finally {
            lane.shutdownNow();
        }

        assertThat(things()).containsExactly("2 newer", "50 newer");
    }
}
