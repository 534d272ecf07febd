package dev.backpop.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignSpec;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.ChunkPass;
import dev.backpop.campaign.ChunkState;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.campaign.Reject;
import dev.backpop.ledger.NewCampaign;
import dev.backpop.ledger.NewChunk;
import dev.backpop.ledger.StoredReject;
import dev.backpop.queue.Task;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The closing sweep, chunk by chunk, after the main pass. */
class ClosingPassTest {
    private WorkerFixture worker;

    @BeforeEach
    void open() throws SQLException {
        worker = new WorkerFixture(20);
        worker.plan = WorkerFixture.PLAN.replace("guard: overwrite", "guard: fence");
        worker.installTriggers("a");
        worker.start("a", CampaignKind.BACKFILL, 2);
        worker.runAll();
        assertThat(things()).hasSize(20);
    }

    @AfterEach
    void close() {
        worker.close();
    }

    private List<String> things() throws SQLException {
        return worker.database.ask("SELECT id || ' ' || x FROM thing ORDER BY id");
    }

    /** A live write whose second half found nothing, because the row had not come yet. */
    private void unseen(String legacy) throws SQLException {
        worker.database.run(legacy);
    }

    private Counters close(int chunks) {
        int last = 2;
        while (worker.ledger.chunk("a", last + 1).isPresent()) {
            last++;
        }
        assertThat(worker.ledger.planClosing("a", 5)).isEqualTo(chunks);
        List<Task> tasks = new ArrayList<>();
        for (int i = 1; i <= chunks; i++) {
            assertThat(worker.chunk("a", last + i).pass()).isEqualTo(ChunkPass.CLOSING);
            tasks.add(new Task(last + i, 10));
        }
        worker.queue.enqueue("a", tasks);
        worker.runAll();
        return worker.counters("a");
    }

    private List<StoredReject> rejects() {
        List<StoredReject> rejects = new ArrayList<>();
        worker.ledger.rejects("a", 100, rejects::add);
        return rejects;
    }

    @Test
    void removes_rows_that_the_legacy_store_lost_before_they_came() throws SQLException {
        unseen("DELETE FROM old_thing WHERE id IN (3, 10, 20)");

        Counters counters = close(2);

        assertThat(things()).hasSize(17).doesNotContain("3 x3", "10 x10", "20 x20");
        assertThat(counters.get(Counter.ROWS_SWEPT)).isEqualTo(3);
        assertThat(counters.get(Counter.ROWS_RENEWED)).isZero();
        assertThat(worker.ledger.totals("a").tally(CampaignKind.BACKFILL).addsUp())
                .isTrue();
        assertThat(worker.ledger.hasUnclosedChunks("a", 5)).isFalse();
    }

    @Test
    void writes_rows_again_that_changed_before_they_came_and_looks_at_their_chunks_once_more() throws SQLException {
        unseen("UPDATE old_thing SET x = 'new' WHERE id = 12");

        assertThat(close(2).get(Counter.ROWS_RENEWED)).isEqualTo(1);

        assertThat(things()).contains("12 new");
        assertThat(worker.ledger.totals("a").keys()).isEqualTo(20);
        assertThat(worker.ledger.totals("a").tally(CampaignKind.BACKFILL).addsUp())
                .isTrue();
        assertThat(worker.ledger.hasUnclosedChunks("a", 5)).isTrue();
        assertThat(close(1).get(Counter.ROWS_RENEWED)).isEqualTo(1);
        assertThat(worker.ledger.hasUnclosedChunks("a", 5)).isFalse();
    }

    @Test
    void brings_rows_that_took_the_key_of_a_deleted_one_before_they_came_and_removes_them_when_they_go()
            throws SQLException {
        worker.database.run("DELETE FROM old_thing WHERE id = 3", "DELETE FROM thing WHERE id = 3");
        unseen("INSERT INTO old_thing VALUES (3, 'moved here', 1)");

        assertThat(close(2).get(Counter.ROWS_RENEWED)).isEqualTo(1);

        assertThat(things()).contains("3 moved here");
        unseen("DELETE FROM old_thing WHERE id = 3");
        assertThat(close(1).get(Counter.ROWS_SWEPT)).isEqualTo(1);
        assertThat(things()).hasSize(19);
    }

    @Test
    void leaves_rows_that_others_wrote() throws SQLException {
        unseen("DELETE FROM old_thing WHERE id IN (3, 4)");
        worker.database.run("UPDATE thing SET x = 'theirs' WHERE id = 3");
        worker.database.run("INSERT INTO thing VALUES (0, 'theirs', 1)");

        assertThat(close(2).get(Counter.ROWS_SWEPT)).isEqualTo(1);

        assertThat(things()).contains("3 theirs", "0 theirs").doesNotContain("4 x4");
    }

    @Test
    void keeps_a_row_that_the_target_does_not_let_go_and_says_why() throws SQLException {
        worker.database.run(
                "CREATE TABLE child (id int PRIMARY KEY, thing int REFERENCES thing)",
                "INSERT INTO child VALUES (1, 3)");
        unseen("DELETE FROM old_thing WHERE id IN (3, 4)");

        assertThat(close(2).get(Counter.ROWS_SWEPT)).isEqualTo(1);

        assertThat(things()).contains("3 x3");
        assertThat(rejects()).singleElement().satisfies(reject -> {
            assertThat(reject.reject().stage()).isEqualTo(Reject.Stage.CLOSING);
            assertThat(reject.reject().key()).isEqualTo("[3]");
            assertThat(reject.reject().message()).contains("legacy store has lost the row", "child");
        });
        assertThat(worker.ledger.totals("a").tally(CampaignKind.BACKFILL).addsUp())
                .isTrue();
    }

    @Test
    void makes_room_in_a_unique_index_before_it_writes() throws SQLException {
        worker.database.run("CREATE UNIQUE INDEX ON thing (x)");
        unseen("UPDATE old_thing SET id = 5000 + id WHERE id = 3");
        unseen("UPDATE old_thing SET x = 'x3' WHERE id = 4");

        Counters counters = close(2);

        assertThat(things()).contains("4 x3").doesNotContain("3 x3");
        assertThat(counters.get(Counter.ROWS_SWEPT)).isEqualTo(1);
        assertThat(rejects()).isEmpty();
    }

    @Test
    void does_not_reject_again_what_the_main_pass_rejected() throws SQLException {
        unseen("INSERT INTO old_thing VALUES (0, NULL, 1)");
        worker.start("b", CampaignKind.BACKFILL, 1);
        worker.installTriggers("b");
        worker.runAll();
        assertThat(worker.counters("b").get(Counter.ROWS_REJECTED)).isEqualTo(1);

        worker.ledger.planClosing("b", 5);
        worker.queue.enqueue("b", List.of(new Task(2, 10)));
        worker.runAll();

        List<StoredReject> rejects = new ArrayList<>();
        worker.ledger.rejects("b", 100, rejects::add);
        assertThat(rejects).hasSize(1);
    }

    @Test
    void leaves_rows_of_an_earlier_campaign_with_another_condition() throws SQLException {
        String plan = worker.plan.replace("shop", "b");
        String halves = plan.replace("key: id }\n    into", "key: id, where: \"id % 2 = 1\" }\n    into")
                .replace(
                        "from: { table: old_thing, key: id }",
                        "from: { table: old_thing, key: id, where: \"id % 2 = 1\" }");
        worker.ledger.transition("a", CampaignState.COMPLETED, null);
        worker.ledger.create(new NewCampaign(
                "b",
                "a",
                "thing",
                CampaignKind.BACKFILL,
                new CampaignSpec(halves, "/", null, null, false),
                "ann@host"));
        worker.ledger.transition("b", CampaignState.RUNNING, null);
        worker.ledger.appendChunks("b", null, List.of(NewChunk.range(null, "[1]", "[20]", 10)), "[20]", true);
        worker.queue.ensureGroup("b");
        worker.queue.enqueue("b", List.of(new Task(1, 10)));
        worker.show("b", "running");
        worker.runAll();

        worker.ledger.planClosing("b", 5);
        worker.queue.enqueue("b", List.of(new Task(2, 10)));
        worker.runAll();

        assertThat(worker.chunk("b", 2).state()).isEqualTo(ChunkState.DONE);
        assertThat(worker.counters("b").get(Counter.ROWS_SWEPT)).isZero();
        assertThat(things()).hasSize(20);
    }

    @Test
    void removes_nothing_from_a_table_that_was_rewritten_since_its_triggers_were_installed() throws SQLException {
        worker.database.run("ALTER TABLE thing ADD COLUMN u uuid DEFAULT gen_random_uuid()");
        unseen("DELETE FROM old_thing WHERE id = 3");

        assertThat(close(2).get(Counter.ROWS_SWEPT)).isZero();

        assertThat(things()).hasSize(20);
    }

    @Test
    void keeps_a_row_with_which_rows_of_others_would_go() throws SQLException {
        worker.database.run(
                "CREATE TABLE child (id int PRIMARY KEY, thing int REFERENCES thing ON DELETE CASCADE)",
                "INSERT INTO child VALUES (1, 3)");
        unseen("DELETE FROM old_thing WHERE id IN (3, 4)");

        assertThat(close(2).get(Counter.ROWS_SWEPT)).isEqualTo(1);

        assertThat(worker.database.ask("SELECT id FROM child")).containsExactly("1");
        assertThat(rejects())
                .singleElement()
                .satisfies(reject -> assertThat(reject.reject().message())
                        .contains("child_thing_fkey", "would go or change with it"));
    }

    @Test
    void what_could_not_be_removed_stays_rejected_until_it_can() throws SQLException {
        worker.database.run(
                "CREATE TABLE child (id int PRIMARY KEY, thing int REFERENCES thing)",
                "INSERT INTO child VALUES (1, 3)");
        unseen("DELETE FROM old_thing WHERE id = 3");
        close(2);

        replay();
        assertThat(rejects()).hasSize(1);
        worker.database.run("DELETE FROM child");
        replay();

        assertThat(rejects()).isEmpty();
        assertThat(things()).doesNotContain("3 x3");
        assertThat(worker.ledger.totals("a").tally(CampaignKind.BACKFILL).addsUp())
                .isTrue();
    }

    private void replay() {
        worker.ledger.planReplays("a");
        worker.queue.enqueue(
                "a",
                worker.ledger.plannedChunks("a", 10).stream()
                        .map(chunk -> new Task(chunk.chunkNo(), 1))
                        .toList());
        worker.runAll();
    }
}
