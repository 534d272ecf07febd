package dev.backpop.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.campaign.Reject;
import dev.backpop.ledger.DeferredParent;
import dev.backpop.ledger.RejectState;
import dev.backpop.ledger.StoredReject;
import dev.backpop.queue.Task;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rejects and deferred rows that are tried again: their keys move from one count to another. */
class ReplayPassTest {
    private static final String PARENT_IS_THERE = "EXISTS (SELECT FROM parent WHERE id = (r.parent_key ->> 0)::bigint)";

    private static final String PARENT_TABLE = "\"public\".\"parent\"";

    private WorkerFixture worker;

    @BeforeEach
    void open() throws SQLException {
        worker = new WorkerFixture(10);
        worker.database.run("CREATE TABLE parent (id int PRIMARY KEY)", "INSERT INTO parent VALUES (1)");
    }

    @AfterEach
    void close() {
        worker.close();
    }

    private Counters counters() {
        Counters counters = worker.counters("a");
        assertThat(worker.ledger.totals("a").tally(CampaignKind.BACKFILL).addsUp())
                .isTrue();
        assertThat(worker.ledger.totals("a").keys()).isEqualTo(10);
        return counters;
    }

    private void runPlanned(int chunks) {
        List<Task> tasks = worker.ledger.plannedChunks("a", 100).stream()
                .map(chunk -> new Task(chunk.chunkNo(), chunk.keyCount()))
                .toList();
        assertThat(tasks).hasSize(chunks);
        worker.queue.enqueue("a", tasks);
        worker.runAll();
    }

    private List<StoredReject> rejects() {
        List<StoredReject> rejects = new ArrayList<>();
        worker.ledger.rejects("a", 100, rejects::add);
        return rejects;
    }

    private void foreignKey() throws SQLException {
        worker.database.run(
                "ALTER TABLE thing ADD CONSTRAINT thing_parent FOREIGN KEY (n) REFERENCES parent",
                "UPDATE old_thing SET n = 50 WHERE id IN (2, 3)",
                "UPDATE old_thing SET n = 25 WHERE id = 4",
                "UPDATE old_thing SET n = 100 WHERE id NOT IN (2, 3, 4)");
    }

    @Test
    void a_row_that_fits_once_its_cause_is_put_right_is_written_and_its_reject_resolved() throws SQLException {
        worker.database.run("UPDATE old_thing SET x = NULL WHERE id IN (2, 5, 7)");
        worker.start("a", CampaignKind.BACKFILL, 1);
        worker.runAll();
        assertThat(counters().get(Counter.ROWS_REJECTED)).isEqualTo(3);
        worker.database.run("UPDATE old_thing SET x = 'mended' WHERE id = 2", "DELETE FROM old_thing WHERE id = 5");

        assertThat(worker.ledger.planReplays("a")).isEqualTo(1);
        assertThat(worker.ledger.planReplays("a"))
                .as("what a planned chunk has")
                .isZero();
        runPlanned(1);

        Counters counters = counters();
        assertThat(counters.get(Counter.ROWS_WRITTEN)).isEqualTo(8);
        assertThat(counters.get(Counter.ROWS_ABSENT)).isEqualTo(1);
        assertThat(counters.get(Counter.ROWS_REJECTED)).isEqualTo(1);
        assertThat(rejects()).extracting(reject -> reject.reject().key()).containsExactly("[7]");
        assertThat(worker.ledger.rejectCounts("a"))
                .containsEntry(RejectState.RESOLVED, 2L)
                .containsEntry(RejectState.REJECTED, 1L);
        assertThat(worker.progress.read("a")).containsEntry("rows.rejected", 1L).containsEntry("rows.written", 8L);
    }

    @Test
    void a_key_that_the_legacy_store_has_twice_is_not_counted_once_more() throws SQLException {
        worker.database.run(
                "ALTER TABLE old_thing DROP CONSTRAINT old_thing_pkey",
                "INSERT INTO old_thing VALUES (4, 'second', 1)");
        worker.start("a", CampaignKind.BACKFILL, 1);
        worker.runAll();
        Counters before = worker.counters("a");
        assertThat(before.get(Counter.ROWS_REJECTED)).isEqualTo(1);

        worker.ledger.planReplays("a");
        runPlanned(1);

        assertThat(worker.counters("a").get(Counter.ROWS_REJECTED)).isEqualTo(1);
        assertThat(worker.ledger.totals("a").tally(CampaignKind.BACKFILL).addsUp())
                .isTrue();
    }

    @Test
    void a_child_without_its_parent_is_deferred_by_parent_and_costs_no_other_row() throws SQLException {
        foreignKey();
        worker.start("a", CampaignKind.BACKFILL, 1);
        worker.runAll();

        Counters counters = counters();
        assertThat(counters.get(Counter.ROWS_DEFERRED)).isEqualTo(3);
        assertThat(counters.get(Counter.ROWS_REJECTED)).isZero();
        assertThat(counters.get(Counter.ROWS_WRITTEN)).isEqualTo(7);
        assertThat(rejects()).allSatisfy(reject -> assertThat(reject.state()).isEqualTo(RejectState.DEFERRED));
        assertThat(worker.ledger.deferredParents("a", null, 10))
                .containsExactly(
                        new DeferredParent("thing_parent", PARENT_TABLE, "[2]", 2),
                        new DeferredParent("thing_parent", PARENT_TABLE, "[4]", 1));
    }

    @Test
    void a_deferred_child_is_tried_again_when_its_parent_is_there_and_not_before() throws SQLException {
        foreignKey();
        worker.start("a", CampaignKind.BACKFILL, 1);
        worker.runAll();
        assertThat(worker.ledger.planArrived("a", "thing_parent", PARENT_IS_THERE, false))
                .isZero();
        worker.database.run("INSERT INTO parent VALUES (2)");

        assertThat(worker.ledger.planArrived("a", "thing_parent", PARENT_IS_THERE, false))
                .isEqualTo(1);
        runPlanned(1);

        assertThat(counters().get(Counter.ROWS_DEFERRED)).isEqualTo(1);
        assertThat(counters().get(Counter.ROWS_WRITTEN)).isEqualTo(9);
        assertThat(rejects()).extracting(reject -> reject.reject().key()).containsExactly("[4]");
    }

    @Test
    void what_waits_for_a_parent_that_will_not_come_is_rejected_with_that_reason() throws SQLException {
        foreignKey();
        worker.start("a", CampaignKind.BACKFILL, 1);
        worker.runAll();

        assertThat(worker.ledger.rejectDeferred(
                        "a", "thing_parent", PARENT_TABLE, List.of("[2]"), "parent absent: %key%"))
                .isEqualTo(2);

        Counters counters = counters();
        assertThat(counters.get(Counter.ROWS_DEFERRED)).isEqualTo(1);
        assertThat(counters.get(Counter.ROWS_REJECTED)).isEqualTo(2);
        assertThat(rejects())
                .filteredOn(reject -> reject.state() == RejectState.REJECTED)
                .extracting(StoredReject::reject)
                .extracting(Reject::message)
                .containsOnly("parent absent: [2]");
    }

    @Test
    void a_reject_of_the_closing_sweep_is_in_no_count_and_takes_from_none_when_it_is_resolved() throws SQLException {
        worker.plan = WorkerFixture.PLAN.replace("guard: overwrite", "guard: fence");
        worker.installTriggers("a");
        worker.start("a", CampaignKind.BACKFILL, 1);
        worker.runAll();
        worker.database.run("UPDATE old_thing SET x = NULL WHERE id = 6");
        worker.ledger.planClosing("a", 5);
        runPlanned(1);
        assertThat(rejects()).hasSize(1);
        assertThat(counters().get(Counter.ROWS_REJECTED)).isZero();
        worker.database.run("UPDATE old_thing SET x = 'mended' WHERE id = 6");

        worker.ledger.planReplays("a");
        runPlanned(1);

        assertThat(rejects()).isEmpty();
        assertThat(worker.database.ask("SELECT x FROM thing WHERE id = 6")).containsExactly("mended");
        assertThat(counters().get(Counter.ROWS_WRITTEN)).isEqualTo(10);
        assertThat(counters().get(Counter.ROWS_RENEWED)).isEqualTo(1);
    }
}
