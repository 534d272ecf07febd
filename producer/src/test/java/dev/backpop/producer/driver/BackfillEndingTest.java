package dev.backpop.producer.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignSpec;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.ChunkPass;
import dev.backpop.campaign.ChunkState;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.campaign.Reject;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.NewCampaign;
import dev.backpop.ledger.NewChunk;
import dev.backpop.ledger.StoredReject;
import dev.backpop.stores.EntityStores;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a driver does with a backfill whose chunks are all done, before it calls it completed. */
class BackfillEndingTest {
    private final AtomicLong nanos = new AtomicLong();
    private DriverScene scene;

    @BeforeEach
    void open() throws Exception {
        scene = new DriverScene(3_000);
        scene.plan = scene.plan.replace("guard: overwrite", "guard: fence");
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private Campaign step(Driver driver) {
        nanos.addAndGet(6_000_000_000L);
        return driver.runOnce();
    }

    private List<ChunkPass> passes(String id) {
        List<ChunkPass> passes = new ArrayList<>();
        for (int no = 1; scene.ledger.chunk(id, no).isPresent(); no++) {
            passes.add(scene.ledger.chunk(id, no).orElseThrow().pass());
        }
        return passes;
    }

    @Test
    void a_backfill_with_a_fence_looks_at_every_chunk_once_more_before_it_is_completed() throws Exception {
        String id = scene.create(CampaignKind.BACKFILL, null, null, null);

        assertThat(scene.toEnd(id).state()).isEqualTo(CampaignState.COMPLETED);

        assertThat(passes(id))
                .containsExactly(
                        ChunkPass.MAIN,
                        ChunkPass.MAIN,
                        ChunkPass.MAIN,
                        ChunkPass.CLOSING,
                        ChunkPass.CLOSING,
                        ChunkPass.CLOSING);
        assertThat(scene.ledger.totals(id).keys()).isEqualTo(3_000);
    }

    @Test
    void a_backfill_without_touches_has_no_closing_sweep() throws Exception {
        scene.plan = scene.plan.replace("guard: fence", "guard: overwrite");
        String id = scene.create(CampaignKind.BACKFILL, null, null, null);

        assertThat(scene.toEnd(id).state()).isEqualTo(CampaignState.COMPLETED);

        assertThat(passes(id)).containsOnly(ChunkPass.MAIN);
    }

    @Test
    void the_closing_sweep_waits_for_transactions_that_began_before_the_last_chunk_was_written() throws Exception {
        String id = scene.create(CampaignKind.BACKFILL, null, null, null);
        try (Driver driver = scene.driver(id, nanos::get);
                Connection live = scene.database.connect()) {
            live.setAutoCommit(false);
            try (var statement = live.createStatement()) {
                // It has written nothing, and has its snapshot all the same.
                statement.execute("SET application_name = 'the shop'");
                statement.execute("SELECT 1 FROM thing");
            }
            step(driver);
            scene.work(id);

            Campaign waiting = step(driver);
            step(driver);

            assertThat(waiting.holdReason()).contains("closing sweep waits", "the shop");
            assertThat(passes(id)).hasSize(3);

            try (Connection later = scene.database.connect()) {
                later.setAutoCommit(false);
                later.createStatement().execute("SELECT 1 FROM thing");
                live.commit();
                Campaign going = step(driver);
                assertThat(going.holdReason()).isNull();
                assertThat(passes(id)).hasSize(6);
            }
            scene.work(id);
            assertThat(step(driver).state()).isEqualTo(CampaignState.COMPLETED);
        }
    }

    @Test
    void a_closing_sweep_that_found_something_looks_there_again_but_not_for_ever() throws Exception {
        String id = scene.create(CampaignKind.BACKFILL, null, null, null);
        try (Driver driver = scene.driver(id, nanos::get)) {
            step(driver);
            scene.work(id);
            Campaign campaign = step(driver);
            while (!campaign.state().ended()) {
                // The second chunk's rows change before every look.
                for (var chunk : scene.ledger.plannedChunks(id, 100)) {
                    boolean changed = "[1001]".equals(chunk.firstKey());
                    try (Connection connection = scene.database.connect()) {
                        Counters counters = Counters.NONE.plus(Counter.ROWS_RENEWED, changed ? 1 : 0);
                        Ledger.finishChunk(
                                connection, id, chunk.chunkNo(), "w", Instant.EPOCH, chunk.keyCount(), counters);
                    }
                }
                scene.work(id);
                campaign = step(driver);
            }

            assertThat(campaign.state()).isEqualTo(CampaignState.COMPLETED);
            assertThat(passes(id)).hasSize(3 + 3 + BackfillEnding.MOST_ROUNDS - 1);
            assertThat(campaign.reason())
                    .contains("the 5th, still wrote or removed rows in 1 chunk.", "backpop verify PLAN --entity thing");
        }
    }

    private interface Event {
        void happen(Campaign campaign) throws Exception;
    }

    /** A campaign in which something happens between the main pass and the closing sweep. */
    private Campaign endedAfter(Event event) throws Exception {
        String id = scene.create(CampaignKind.BACKFILL, null, null, null);
        try (Driver driver = scene.driver(id, nanos::get)) {
            step(driver);
            scene.work(id);
            event.happen(scene.office.require(id));
            step(driver);
            scene.work(id);
            return step(driver);
        }
    }

    @Test
    void a_closing_sweep_over_a_table_that_stayed_as_it_was_leaves_no_remark() throws Exception {
        Campaign ended = endedAfter(campaign -> scene.database.run("ANALYZE thing"));

        assertThat(ended.state()).isEqualTo(CampaignState.COMPLETED);
        assertThat(ended.reason()).isNull();
    }

    @Test
    void a_closing_sweep_that_may_remove_nothing_from_a_table_that_was_rewritten_says_so() throws Exception {
        Campaign ended = endedAfter(campaign -> scene.database.run("VACUUM FULL thing"));

        assertThat(ended.state()).isEqualTo(CampaignState.COMPLETED);
        assertThat(ended.reason()).contains("public", "was rewritten", "backpop verify PLAN --entity thing");
    }

    @Test
    void a_closing_sweep_that_is_blind_to_what_came_before_triggers_were_installed_anew_says_so() throws Exception {
        Campaign ended = endedAfter(campaign -> {
            try (StoredPlan plan = scene.plan()) {
                EntityStores stores = plan.entity(campaign);
                FenceGuard guard = new FenceGuard(scene.target);
                guard.remove("shop", stores.entity(), stores.table());
                guard.install("shop", stores.entity(), stores.table());
            }
        });

        assertThat(ended.state()).isEqualTo(CampaignState.COMPLETED);
        assertThat(ended.reason()).contains("installed anew", "backpop verify PLAN --entity thing");
    }

    @Test
    void deferred_rows_are_tried_again_when_their_parent_comes_and_rejected_when_it_never_will() throws Exception {
        scene.database.run(
                "CREATE TABLE old_parent (id int PRIMARY KEY)",
                "INSERT INTO old_parent VALUES (1), (2)",
                "CREATE TABLE parent (id int PRIMARY KEY)",
                "ALTER TABLE thing ADD COLUMN parent int REFERENCES parent");
        scene.plan = scene.plan.replace("guard: fence", "guard: overwrite")
                + "  parent:\n    from: { table: old_parent, key: id }\n    into: { table: parent, key: id }\n"
                + "    columns: { id: id }\n    guard: overwrite\n";
        String id = scene.create(CampaignKind.BACKFILL, null, null, null);
        try (Driver driver = scene.driver(id, nanos::get)) {
            step(driver);
            try (Connection connection = scene.database.connect()) {
                Ledger.addRejects(
                        connection,
                        id,
                        1,
                        "thing",
                        List.of(waiting("[1]", "[1]"), waiting("[2]", "[2]"), waiting("[3]", "[9]")));
                Counters counters =
                        Counters.NONE.plus(Counter.ROWS_WRITTEN, 997).plus(Counter.ROWS_DEFERRED, 3);
                Ledger.finishChunk(connection, id, 1, "w", Instant.EPOCH, 1_000, counters);
            }
            scene.database.run("INSERT INTO parent VALUES (1)");

            step(driver);

            assertThat(scene.ledger.replayKeys(id, 4)).containsExactly("[1]");
            settle(id, 4, 1);
            scene.work(id);
            Campaign ended = step(driver);
            assertThat(ended.state()).isEqualTo(CampaignState.COMPLETED);
            assertThat(ended.reason()).contains("1 row waits for its parent (parent)", "backpop retry " + id);
            assertThat(messages(id))
                    .singleElement()
                    .asString()
                    .startsWith("parent absent: thing_parent_fkey refers to [9]");
            assertThat(scene.ledger.totals(id).counters().get(Counter.ROWS_REJECTED))
                    .isEqualTo(1);
            assertThat(scene.ledger.totals(id).counters().get(Counter.ROWS_DEFERRED))
                    .isEqualTo(1);
        }
        assertThat(scene.office.reopenArrived("shop")).isEmpty();
        scene.database.run("INSERT INTO parent VALUES (2)");
        assertThat(scene.office.reopenArrived("shop")).containsExactly(id);
        try (Driver driver = scene.driver(id, nanos::get)) {
            step(driver);
            int replay = scene.ledger.plannedChunks(id, 10).get(0).chunkNo();
            settle(id, replay, 1);
            scene.work(id);
            Campaign ended = step(driver);
            assertThat(ended.state()).isEqualTo(CampaignState.COMPLETED);
            assertThat(ended.reason()).isNull();
        }
    }

    /** 1 refers to nothing, 2 to 1, 3 and 4 to 2; 5 to 6, which the old store has and which is on its way. */
    @Test
    void what_waits_for_a_reject_is_rejected_with_it_and_comes_back_with_it() throws Exception {
        scene.database.run("ALTER TABLE thing ADD COLUMN parent int REFERENCES thing");
        scene.plan = scene.plan.replace("guard: fence", "guard: overwrite");
        String id = scene.create(CampaignKind.BACKFILL, null, null, null);
        try (Driver driver = scene.driver(id, nanos::get)) {
            step(driver);
            refuse(
                    id,
                    List.of(
                            below("[1]", "[9001]"),
                            below("[2]", "[1]"),
                            below("[3]", "[2]"),
                            below("[4]", "[2]"),
                            below("[5]", "[6]")));

            scene.work(id);
            Campaign ended = step(driver);

            assertThat(ended.state()).isEqualTo(CampaignState.COMPLETED);
            assertThat(ended.reason()).contains("1 row waits for its parent (thing)");
            assertThat(messages(id))
                    .satisfiesExactly(
                            one -> assertThat(one).startsWith("parent absent: thing_parent_fkey refers to [9001]"),
                            two -> assertThat(two)
                                    .isEqualTo(
                                            "parent rejected: thing_parent_fkey refers to [1] of \"public\".\"thing\", which is a"
                                                    + " reject itself: put that right, then: backpop retry " + id),
                            three -> assertThat(three).startsWith("parent rejected: thing_parent_fkey refers to [2]"),
                            four -> assertThat(four).startsWith("parent rejected: thing_parent_fkey refers to [2]"));
            Counters counters = scene.ledger.totals(id).counters();
            assertThat(counters.get(Counter.ROWS_REJECTED)).isEqualTo(4);
            assertThat(counters.get(Counter.ROWS_DEFERRED)).isEqualTo(1);
            assertThat(scene.ledger.totals(id).tally(CampaignKind.BACKFILL).addsUp())
                    .isTrue();
        }
        assertThat(scene.office.reopenArrived("shop")).isEmpty();

        scene.database.run("INSERT INTO thing VALUES (1)");
        assertThat(scene.office.reopenArrived("shop")).containsExactly(id);
        try (Driver driver = scene.driver(id, nanos::get)) {
            step(driver);
            assertThat(arrived(id)).containsExactly("[2]");
            scene.database.run("INSERT INTO thing VALUES (2)");
            settle(id, scene.ledger.plannedChunks(id, 10).get(0).chunkNo(), 1, Counter.ROWS_REJECTED);
            scene.work(id);
            step(driver);
            assertThat(arrived(id)).containsExactlyInAnyOrder("[3]", "[4]");
            settle(id, scene.ledger.plannedChunks(id, 10).get(0).chunkNo(), 2, Counter.ROWS_REJECTED);
            scene.work(id);
            assertThat(step(driver).state()).isEqualTo(CampaignState.COMPLETED);
        }
        Counters counters = scene.ledger.totals(id).counters();
        assertThat(counters.get(Counter.ROWS_REJECTED)).isEqualTo(1);
        assertThat(scene.ledger.totals(id).tally(CampaignKind.BACKFILL).addsUp())
                .isTrue();
    }

    @Test
    void a_row_whose_parent_is_a_reject_of_another_entity_is_rejected_until_that_one_is_written() throws Exception {
        scene.database.run(
                "CREATE TABLE old_parent (id int PRIMARY KEY)",
                "INSERT INTO old_parent VALUES (1), (2), (3)",
                "CREATE TABLE parent (id int PRIMARY KEY)",
                "ALTER TABLE thing ADD COLUMN parent int REFERENCES parent");
        scene.plan = scene.plan.replace("guard: fence", "guard: overwrite")
                + "  parent:\n    from: { table: old_parent, key: id }\n    into: { table: parent, key: id }\n"
                + "    columns: { id: id }\n    guard: overwrite\n";
        // 1 could not be written; 2 could not at first, and waits now; 3 was never tried.
        scene.ledger.create(new NewCampaign(
                "parents",
                "shop",
                "parent",
                CampaignKind.BACKFILL,
                new CampaignSpec(scene.plan, "/", null, null, false),
                "ann"));
        scene.ledger.appendChunks("parents", null, List.of(NewChunk.range(null, "[1]", "[3]", 3)), "[3]", true);
        try (Connection connection = scene.database.connect()) {
            Reject refused = new Reject("[1]", Reject.Stage.WRITE, "23514", "good", null, "not good", null, null);
            Reject before = new Reject("[2]", Reject.Stage.WRITE, "23514", "good", null, "not good", null, null);
            Reject now = new Reject(
                    "[2]", Reject.Stage.WRITE, "23503", "f", null, "waits", null, new Reject.Parent("x", "[7]"));
            Ledger.addRejects(connection, "parents", 1, "parent", List.of(refused, before));
            Ledger.addRejects(connection, "parents", 1, "parent", List.of(now));
        }
        String id = scene.create(CampaignKind.BACKFILL, null, null, null);
        try (Driver driver = scene.driver(id, nanos::get)) {
            step(driver);
            refuse(id, List.of(waiting("[1]", "[1]"), waiting("[2]", "[2]"), waiting("[3]", "[3]")));
            scene.work(id);

            Campaign ended = step(driver);

            assertThat(ended.reason()).contains("2 rows wait for their parents (parent)");
            assertThat(messages(id))
                    .containsExactly(
                            "parent rejected: thing_parent_fkey refers to [1] of \"public\".\"parent\", which is a reject"
                                    + " itself: put that right, then: backpop retry parents");
        }
        scene.database.run("INSERT INTO parent VALUES (1)");
        assertThat(scene.office.reopenArrived("shop")).containsExactly(id);
    }

    private void refuse(String id, List<Reject> rejects) throws Exception {
        try (Connection connection = scene.database.connect()) {
            Ledger.addRejects(connection, id, 1, "thing", rejects);
            Counters counters = Counters.NONE
                    .plus(Counter.ROWS_READ, 1_000)
                    .plus(Counter.ROWS_WRITTEN, 1_000 - rejects.size())
                    .plus(Counter.ROWS_DEFERRED, rejects.size());
            Ledger.finishChunk(connection, id, 1, "w", Instant.EPOCH, 1_000, counters);
        }
    }

    private List<String> arrived(String id) {
        List<String> keys = new ArrayList<>();
        scene.ledger.plannedChunks(id, 10).forEach(chunk -> keys.addAll(scene.ledger.replayKeys(id, chunk.chunkNo())));
        return keys;
    }

    private static Reject below(String key, String parent) {
        return new Reject(
                key,
                Reject.Stage.WRITE,
                "23503",
                "thing_parent_fkey",
                null,
                "no parent",
                null,
                new Reject.Parent("\"public\".\"thing\"", parent));
    }

    @Test
    void a_deferred_row_of_the_closing_sweep_is_tried_again_when_its_parent_comes() throws Exception {
        scene.database.run(
                "CREATE TABLE old_parent (id int PRIMARY KEY)",
                "CREATE TABLE parent (id int PRIMARY KEY)",
                "INSERT INTO parent VALUES (2)",
                "ALTER TABLE thing ADD COLUMN parent int REFERENCES parent");
        String id = scene.create(CampaignKind.BACKFILL, null, null, null);
        scene.toEnd(id);
        Reject late = new Reject(
                "[1]",
                Reject.Stage.CLOSING,
                "23503",
                "thing_parent_fkey",
                null,
                "no parent",
                null,
                new Reject.Parent("\"public\".\"parent\"", "[2]"));
        try (Connection connection = scene.database.connect()) {
            Ledger.addRejects(connection, id, 1, "thing", List.of(late));
        }
        assertThat(scene.office.reopenArrived("shop")).containsExactly(id);
        try (Driver driver = scene.driver(id, nanos::get)) {
            step(driver);
            assertThat(scene.ledger.plannedChunks(id, 10)).hasSize(1);
        }
    }

    @Test
    void what_was_written_after_the_wait_began_is_waited_for_anew() throws Exception {
        String id = scene.create(CampaignKind.BACKFILL, null, null, null);
        try (Driver driver = scene.driver(id, nanos::get);
                Connection first = scene.database.connect();
                Connection second = scene.database.connect()) {
            step(driver);
            first.setAutoCommit(false);
            first.createStatement().execute("SELECT 1");
            scene.work(id);
            assertThat(step(driver).holdReason()).contains("closing sweep waits");
            second.setAutoCommit(false);
            second.createStatement().execute("SELECT 1");
            try (Connection connection = scene.database.connect()) {
                Ledger.addRejects(connection, id, 1, "thing", List.of(waiting("[1]", "[1]")));
            }
            scene.ledger.planReplays(id);
            int replay = scene.ledger.plannedChunks(id, 10).get(0).chunkNo();
            try (Connection connection = scene.database.connect()) {
                Ledger.settleReplay(connection, id, replay, List.of());
                Ledger.finishChunk(
                        connection, id, replay, "w", Instant.EPOCH, 1, Counters.NONE.plus(Counter.ROWS_WRITTEN, 1));
            }
            first.rollback();

            assertThat(step(driver).holdReason()).contains("closing sweep waits");
            assertThat(passes(id)).doesNotContain(ChunkPass.CLOSING);
        }
    }

    /** Stands in for the worker's replay: every row of the chunk was written. */
    private void settle(String id, int chunkNo, int rows) throws Exception {
        settle(id, chunkNo, rows, Counter.ROWS_DEFERRED);
    }

    private void settle(String id, int chunkNo, int rows, Counter from) throws Exception {
        assertThat(scene.ledger.chunk(id, chunkNo).orElseThrow().state()).isEqualTo(ChunkState.PLANNED);
        try (Connection connection = scene.database.connect()) {
            assertThat(Ledger.settleReplay(connection, id, chunkNo, List.of()).resolved())
                    .isEqualTo(rows);
            Counters counters = Counters.NONE.plus(Counter.ROWS_WRITTEN, rows).plus(from, -rows);
            Ledger.finishChunk(connection, id, chunkNo, "w", Instant.EPOCH, rows, counters);
        }
    }

    private List<String> messages(String id) {
        List<StoredReject> rejects = new ArrayList<>();
        scene.ledger.rejects(id, 100, rejects::add);
        return rejects.stream()
                .filter(reject -> reject.reject().parent() == null
                        || reject.state().word().equals("rejected"))
                .map(reject -> reject.reject().message())
                .toList();
    }

    private static Reject waiting(String key, String parent) {
        return new Reject(
                key,
                Reject.Stage.WRITE,
                "23503",
                "thing_parent_fkey",
                null,
                "no parent",
                null,
                new Reject.Parent("\"public\".\"parent\"", parent));
    }
}
