package dev.backpop.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.ChunkState;
import dev.backpop.campaign.Counter;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chunks beside live writers that take the same rows in another order. */
class DeadlockTest {
    @Test
    void a_chunk_that_loses_a_deadlock_is_run_again_and_burns_no_attempt() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(10);
                Connection live = worker.database.connect();
                Statement statement = live.createStatement()) {
            worker.database.run("INSERT INTO thing SELECT i, 'before', 0 FROM generate_series(1, 10) AS i");
            worker.start("a", CampaignKind.BACKFILL, 1);
            live.setAutoCommit(false);
            // It is the worker that finds out.
            statement.execute("SET deadlock_timeout = '1min'");
            statement.execute("UPDATE thing SET x = 'live' WHERE id = 10");
            CompletableFuture<Boolean> run = CompletableFuture.supplyAsync(worker.lane::runOnce);
            Awaitility.await()
                    .until(() -> !worker.database
                            .ask("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                                    + " AND datname = current_database()")
                            .isEmpty());
            // The worker has this row and waits for the other: only its loss lets go of it.
            statement.execute("UPDATE thing SET x = 'live' WHERE id = 1");
            live.commit();

            assertThat(run.get(30, TimeUnit.SECONDS)).isTrue();

            assertThat(worker.chunk("a", 1).state()).isEqualTo(ChunkState.DONE);
            assertThat(worker.chunk("a", 1).attempts()).isZero();
            assertThat(worker.counters("a").get(Counter.ROWS_WRITTEN)).isEqualTo(10);
            assertThat(worker.database.ask("SELECT count(*) FROM thing WHERE x LIKE 'x%'"))
                    .containsExactly("10");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"40P01", "40001"})
    void a_chunk_that_always_loses_burns_an_attempt_after_five_runs(String state) throws Exception {
        try (WorkerFixture worker = new WorkerFixture(10)) {
            worker.database.run(
                    "CREATE SEQUENCE lost",
                    "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM nextval('lost');"
                            + " RAISE 'lost' USING ERRCODE = '" + state + "'; END $$",
                    "CREATE TRIGGER lose AFTER INSERT ON thing EXECUTE FUNCTION lose()");
            worker.start("a", CampaignKind.BACKFILL, 1);

            worker.lane.runOnce();

            assertThat(worker.database.ask("SELECT last_value FROM lost")).containsExactly("5");
            assertThat(worker.chunk("a", 1).state()).isEqualTo(ChunkState.PLANNED);
            assertThat(worker.chunk("a", 1).attempts()).isEqualTo(1);
            assertThat(worker.chunk("a", 1).lastError()).isEqualTo("lost");
        }
    }
}
