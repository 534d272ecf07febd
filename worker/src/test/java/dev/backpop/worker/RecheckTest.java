package dev.backpop.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.ChunkState;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.queue.Task;
import dev.backpop.testing.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A difference is confirmed only when it persists while both rows hold still. */
class RecheckTest {
    private static final int ROWS = 20;

    private WorkerFixture worker;

    @BeforeEach
    void open() throws SQLException {
        worker = new WorkerFixture(ROWS);
        worker.plan = WorkerFixture.PLAN.replace("\"100 / n\"", "n");
        worker.database.run("INSERT INTO thing SELECT id, x, n FROM old_thing");
    }

    @AfterEach
    void close() {
        worker.close();
    }

    private void look() {
        if (worker.ledger.find("v").isEmpty()) {
            worker.start("v", CampaignKind.VERIFY, 2);
            worker.runAll();
        } else {
            worker.recheck("v");
        }
    }

    /** {@code key kind state checks} of each, in key order. */
    private List<String> found() {
        TreeSet<String> found = new TreeSet<>();
        worker.ledger.discrepancies(
                "v",
                100,
                one -> found.add(one.discrepancy().key() + " "
                        + one.discrepancy().kind().word() + " " + one.state().word() + " " + one.checks()));
        return List.copyOf(found);
    }

    private void counts(Counter counter, long rows) {
        assertThat(worker.counters("v").get(counter)).as(counter.word()).isEqualTo(rows);
    }

    private void addsUp(long enumerated) {
        assertThat(worker.ledger.totals("v").tally(CampaignKind.VERIFY).addsUp())
                .as(worker.ledger.totals("v").tally(CampaignKind.VERIFY).explain())
                .isTrue();
        assertThat(worker.ledger.totals("v").keysDone()).isEqualTo(enumerated);
    }

    @Test
    void what_differs_is_pending_at_first_and_confirmed_when_nobody_wrote_it_since() throws SQLException {
        planted();
        look();

        assertThat(found())
                .containsExactly("[1] mismatched pending 1", "[2] missing pending 1", "[3] unexpected pending 1");
        counts(Counter.ROWS_PENDING, 2);
        counts(Counter.ROWS_UNEXPECTED, 0);
        addsUp(ROWS);

        look();

        assertThat(found())
                .containsExactly("[1] mismatched confirmed 2", "[2] missing confirmed 2", "[3] unexpected confirmed 2");
        Counters counters = worker.counters("v");
        assertThat(counters.get(Counter.ROWS_PENDING)).isZero();
        assertThat(counters.get(Counter.ROWS_MISMATCHED)).isEqualTo(1);
        assertThat(counters.get(Counter.ROWS_MISSING)).isEqualTo(1);
        assertThat(counters.get(Counter.ROWS_UNEXPECTED)).isEqualTo(1);
        assertThat(counters.get(Counter.ROWS_MATCHED)).isEqualTo(ROWS - 3);
        assertThat(counters.get(Counter.ROWS_ABSENT)).isEqualTo(1);
        addsUp(ROWS);
        assertThat(worker.recheck("v")).isZero();
    }

    @Test
    void what_arrives_meanwhile_was_no_difference() throws SQLException {
        worker.database.run(
                "UPDATE old_thing SET x = 'new' WHERE id = 1",
                "DELETE FROM thing WHERE id = 2",
                "DELETE FROM old_thing WHERE id IN (3, 4)",
                "DELETE FROM thing WHERE id = 5");
        look();
        worker.database.run(
                "UPDATE thing SET x = 'new' WHERE id = 1",
                "INSERT INTO thing SELECT id, x, n FROM old_thing WHERE id = 2",
                "DELETE FROM thing WHERE id = 3",
                "INSERT INTO old_thing VALUES (4, 'x4', 1)",
                "DELETE FROM old_thing WHERE id = 5");
        look();

        assertThat(found())
                .containsExactly(
                        "[1] mismatched resolved 2",
                        "[2] missing resolved 2",
                        "[3] unexpected resolved 2",
                        "[4] unexpected resolved 2",
                        "[5] missing resolved 2");
        counts(Counter.ROWS_PENDING, 0);
        counts(Counter.ROWS_MATCHED, ROWS - 2);
        counts(Counter.ROWS_ABSENT, 3);
        // Key 4 was absent at the first look and is enumerated anew.
        addsUp(ROWS + 1);
    }

    @Test
    void a_row_written_between_two_looks_is_not_confirmed_though_its_values_are_the_same() throws SQLException {
        worker.database.run("UPDATE old_thing SET x = 'new' WHERE id IN (1, 2)");
        look();
        worker.database.run("UPDATE old_thing SET x = 'new' WHERE id = 1", "UPDATE thing SET x = x WHERE id = 2");
        look();

        assertThat(found()).containsExactly("[1] mismatched pending 2", "[2] mismatched pending 2");
        counts(Counter.ROWS_PENDING, 2);

        look();
        assertThat(found()).containsExactly("[1] mismatched confirmed 3", "[2] mismatched confirmed 3");
        addsUp(ROWS);
    }

    @Test
    void a_row_that_changes_at_every_look_stays_pending_with_its_count_of_looks() throws SQLException {
        for (int look = 1; look <= 6; look++) {
            worker.database.run("UPDATE old_thing SET x = 'v" + look + "' WHERE id = 7");
            look();
        }

        assertThat(found()).containsExactly("[7] mismatched pending 6");
        assertThat(worker.recheck("v")).isZero();
        counts(Counter.ROWS_PENDING, 1);
        addsUp(ROWS);
    }

    @Test
    void a_difference_may_become_another_one() throws SQLException {
        worker.database.run("DELETE FROM thing WHERE id IN (1, 2)", "DELETE FROM old_thing WHERE id = 3");
        look();
        worker.database.run(
                "INSERT INTO thing VALUES (1, 'wrong', 1), (2, 'x2', 1)",
                "DELETE FROM old_thing WHERE id = 2",
                "INSERT INTO old_thing VALUES (3, 'other', 1)");
        look();

        assertThat(found())
                .containsExactly("[1] mismatched pending 2", "[2] unexpected pending 2", "[3] mismatched pending 2");
        counts(Counter.ROWS_PENDING, 2);
        look();
        assertThat(found())
                .containsExactly(
                        "[1] mismatched confirmed 3", "[2] unexpected confirmed 3", "[3] mismatched confirmed 3");
        counts(Counter.ROWS_UNEXPECTED, 1);
        counts(Counter.ROWS_MISMATCHED, 2);
        addsUp(ROWS + 1);
    }

    @Test
    void a_row_that_cannot_be_read_any_more_is_unverifiable() throws SQLException {
        worker.plan = WorkerFixture.PLAN.replace("\"100 / n\"", "\"1 / n\"");
        worker.database.run("DELETE FROM thing WHERE id = 9");
        look();
        worker.database.run("UPDATE old_thing SET n = 0 WHERE id = 9");
        look();

        assertThat(found()).containsExactly("[9] missing resolved 2");
        counts(Counter.ROWS_UNVERIFIABLE, 1);
        counts(Counter.ROWS_PENDING, 0);
        addsUp(ROWS);
    }

    @Test
    void without_a_time_to_settle_the_first_look_confirms() throws SQLException {
        worker.plan = WorkerFixture.PLAN
                .replace("\"100 / n\"", "n")
                .replace("guard: overwrite", "guard: overwrite\n    verify: { settle: 0s }");
        worker.database.run("DELETE FROM thing WHERE id = 2", "DELETE FROM old_thing WHERE id = 3");
        look();

        assertThat(found()).containsExactly("[2] missing confirmed 1", "[3] unexpected confirmed 1");
        counts(Counter.ROWS_MISSING, 1);
        counts(Counter.ROWS_UNEXPECTED, 1);
        addsUp(ROWS);
    }

    @Test
    void what_the_plan_lets_pass_is_matched_and_counted_as_tolerated() throws SQLException {
        worker.plan = WorkerFixture.PLAN
                .replace("\"100 / n\"", "n")
                .replace("guard: overwrite", "guard: overwrite\n    compare: { n: { volatile: 5 } }");
        worker.database.run("UPDATE thing SET n = n + 5 WHERE id = 1", "UPDATE thing SET n = n + 6 WHERE id = 2");
        look();
        worker.database.run("UPDATE thing SET n = n - 1 WHERE id = 2");
        look();

        assertThat(found()).containsExactly("[2] mismatched resolved 2");
        counts(Counter.ROWS_MATCHED, ROWS);
        assertThat(worker.ledger.toleratedRows("v")).containsExactly(Map.entry("n", 2L));
        addsUp(ROWS);
    }

    @Test
    void a_look_that_fails_is_taken_again_and_counts_once() throws SQLException {
        planted();
        look();
        worker.database.run("ALTER TABLE thing RENAME COLUMN x TO y");
        lookInVain();

        assertThat(worker.chunk("v", 3).attempts()).isEqualTo(1);
        assertThat(worker.chunk("v", 3).state()).isEqualTo(ChunkState.PLANNED);
        assertThat(found())
                .containsExactly("[1] mismatched pending 1", "[2] missing pending 1", "[3] unexpected pending 1");
        worker.database.run("ALTER TABLE thing RENAME COLUMN y TO x");
        worker.pass(Duration.ofMinutes(1));
        worker.housekeeper.runOnce();
        worker.runAll();

        settledOnce();
    }

    @Test
    void a_look_while_the_legacy_store_is_away_holds_and_burns_no_attempt() throws SQLException {
        Database legacy = Database.with(
                "CREATE TABLE old_thing (id int PRIMARY KEY, x text, n int)",
                "INSERT INTO old_thing SELECT i, 'x' || i, 1 FROM generate_series(1, " + ROWS + ") AS i");
        worker.variables.put("LEGACY_URL", legacy.url());
        worker.database.run("UPDATE thing SET x = 'other' WHERE id = 1", "DELETE FROM thing WHERE id = 2");
        legacy.run("DELETE FROM old_thing WHERE id = 3");
        look();
        worker.database.run(
                "ALTER DATABASE " + legacy.name() + " ALLOW_CONNECTIONS false",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + legacy.name() + "'");
        lookInVain();

        assertThat(worker.chunk("v", 3).attempts()).isZero();
        assertThat(worker.holdReason("v")).contains("legacy");
        assertThat(found())
                .containsExactly("[1] mismatched pending 1", "[2] missing pending 1", "[3] unexpected pending 1");
        worker.database.run("ALTER DATABASE " + legacy.name() + " ALLOW_CONNECTIONS true");
        worker.pass(Duration.ofMinutes(1));
        worker.housekeeper.runOnce();
        worker.runAll();

        settledOnce();
        assertThat(worker.holdReason("v")).isEqualTo("null");
    }

    /** One look, once. */
    private void lookInVain() {
        assertThat(worker.ledger.planRechecks("v", 6)).isEqualTo(1);
        worker.queue.enqueue("v", List.of(new Task(3, 3)));
        assertThat(worker.lane.runOnce()).isTrue();
    }

    private void planted() throws SQLException {
        worker.database.run(
                "UPDATE thing SET x = 'other' WHERE id = 1",
                "DELETE FROM thing WHERE id = 2",
                "DELETE FROM old_thing WHERE id = 3");
    }

    private void settledOnce() {
        assertThat(found())
                .containsExactly("[1] mismatched confirmed 2", "[2] missing confirmed 2", "[3] unexpected confirmed 2");
        counts(Counter.ROWS_PENDING, 0);
        counts(Counter.ROWS_MISMATCHED, 1);
        counts(Counter.ROWS_MISSING, 1);
        counts(Counter.ROWS_UNEXPECTED, 1);
        counts(Counter.ROWS_MATCHED, ROWS - 3);
        addsUp(ROWS);
        assertThat(worker.progress.read("v"))
                .containsEntry("rows.mismatched", 1L)
                .containsEntry("chunks.done", 3L);
        assertThat(worker.queue.backlog("v").outstanding()).isZero();
        assertThat(worker.recheck("v")).isZero();
    }

    @Test
    void a_missing_row_is_confirmed_though_an_ignored_column_is_another_at_every_reading() throws SQLException {
        worker.plan = WorkerFixture.PLAN
                .replace("\"100 / n\"", "\"(random() * 1000000)::int\"")
                .replace("guard: overwrite", "guard: overwrite\n    compare: { n: { ignore: set on arrival } }");
        worker.database.run("DELETE FROM thing WHERE id = 2", "UPDATE thing SET x = 'wrong' WHERE id = 3");
        look();
        look();
        look();

        assertThat(found()).containsExactly("[2] missing confirmed 2", "[3] mismatched confirmed 2");
    }
}
