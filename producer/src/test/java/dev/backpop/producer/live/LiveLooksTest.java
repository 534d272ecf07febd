package dev.backpop.producer.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.backpop.testing.Database;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a verification makes of single rows that are written between its looks, or by transactions that take long. */
@Tag("chaos")
@Tag("alone")
class LiveLooksTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String SOON = "{ settle: 200ms, looks: 3 }";
    private static final int KEY = 2_200;

    private static LiveScene scene;
    private static int tables;

    private LiveTables table;
    private String name;

    @BeforeAll
    static void begin() throws Exception {
        assumeTrue(
                Files.isRegularFile(LiveScene.workerJar()), "skipped: there is no worker jar yet, mvn verify makes it");
        scene = LiveScene.open();
    }

    @AfterAll
    static void end() {
        if (scene != null) {
            scene.close();
        }
    }

    @BeforeEach
    void equalTables() throws SQLException {
        name = "looked_" + ++tables;
        table = scene.equalTables(name, false);
    }

    private Process verify(String verify) throws Exception {
        return scene.backpop(name, "verify", scene.verification(table, verify).toString(), "--name", name);
    }

    private List<String> discrepancies() {
        return ask("SELECT state, kind, key ->> 0 FROM backpop.discrepancy WHERE campaign_id = '" + name
                + "' ORDER BY key");
    }

    private List<String> ask(String query) {
        try {
            return table.target()
                            .ask("SELECT to_regclass('backpop.discrepancy') IS NULL")
                            .equals(List.of("t"))
                    ? List.of()
                    : table.target().ask(query);
        } catch (SQLException e) {
            throw new IllegalStateException(query, e);
        }
    }

    private void awaitDiscrepancies(String... rows) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(discrepancies()).containsExactly(rows));
    }

    private void awaitHold(String reason) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(ask("SELECT hold_reason FROM backpop.campaign WHERE id = '" + name + "'"))
                                .singleElement()
                                .asString()
                                .contains(reason));
    }

    private String reason() {
        return String.join("", ask("SELECT reason FROM backpop.campaign WHERE id = '" + name + "'"));
    }

    private static String value(String table, String value, int key) {
        return "UPDATE " + table + " SET x = '" + value + "' WHERE id = " + key;
    }

    /** One pass over what a writer does again and again, with sessions that commit every statement. */
    private interface Round {
        void run(Connection legacy, Connection target, int round) throws SQLException;
    }

    /** Runs a verification beside one writer, who begins before it and ends after it. */
    private LiveScene.Run beside(Round round, String verify) throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        AtomicBoolean end = new AtomicBoolean();
        try {
            Future<Integer> writer = thread.submit(() -> {
                int rounds = 0;
                try (Connection legacy = table.legacy().connect();
                        Connection target = table.target().connect()) {
                    while (!end.get()) {
                        round.run(legacy, target, rounds++);
                    }
                }
                return rounds;
            });
            LiveScene.Run run = scene.ended(name, verify(verify));
            end.set(true);
            assertThat(writer.get(10, TimeUnit.SECONDS)).isGreaterThan(10);
            return run;
        } finally {
            end.set(true);
            thread.shutdownNow();
        }
    }

    @Test
    void a_row_that_changes_at_every_look_is_busy_with_its_count_of_looks() throws Exception {
        // The new table is always one write behind the old one, so that no look can find them equal.
        LiveScene.Run run = beside(
                (legacy, target, i) -> {
                    Change.execute(legacy, value(table.oldTable(), "hot " + (i + 1), KEY));
                    Change.execute(target, "SELECT pg_sleep(0.005)");
                    Change.execute(target, value(table.newTable(), "hot " + i, KEY));
                },
                SOON);

        assertThat(run.exitCode()).as(run.said()).isEqualTo(1);
        assertThat(discrepancies()).containsExactly("pending|mismatched|2200");
        assertThat(ask("SELECT checks FROM backpop.discrepancy WHERE campaign_id = '" + name + "'"))
                .containsExactly("3");
        assertThat(reason()).contains("1 row changed at every look and is busy");
        assertThat(ask(
                        "SELECT sum(rows_pending), sum(rows_mismatched), sum(key_count) = sum(rows_matched + rows_pending)"
                                + " FROM backpop.chunk WHERE campaign_id = '" + name + "'"))
                .containsExactly("1|0|t");
        assertThat(ask("SELECT state FROM backpop.campaign WHERE id = '" + name + "'"))
                .containsExactly("completed");
    }

    @Test
    void values_that_come_back_are_not_taken_for_values_that_never_left() throws Exception {
        // Nearly always the old table says a and the new one b, and each has been written since the last look.
        LiveScene.Run run = beside(
                (legacy, target, i) -> {
                    Change.execute(legacy, value(table.oldTable(), "a", KEY));
                    Change.execute(target, "SELECT pg_sleep(0.02)");
                    Change.execute(target, value(table.newTable(), "a", KEY));
                    Change.execute(legacy, value(table.oldTable(), "b", KEY));
                    Change.execute(target, value(table.newTable(), "b", KEY));
                },
                "{ settle: 100ms, looks: 5 }");

        assertThat(discrepancies()).allMatch(row -> !row.startsWith("confirmed"));
        assertThat(run.exitCode())
                .as(run.said())
                .isEqualTo(discrepancies().contains("pending|mismatched|2200") ? 1 : 0);
    }

    @Test
    void rows_that_come_and_go_on_both_sides_are_never_confirmed() throws Exception {
        String row = " VALUES (2201, 'now and then', 1)";
        String other = " VALUES (2205, 'now and then', 1)";
        // Nearly always 2201 is in the old table alone, and 2205 in the new one alone.
        LiveScene.Run run = beside(
                (legacy, target, i) -> {
                    Change.execute(legacy, "INSERT INTO " + table.oldTable() + row);
                    Change.execute(legacy, "DELETE FROM " + table.oldTable() + " WHERE id = 2205");
                    Change.execute(target, "SELECT pg_sleep(0.02)");
                    Change.execute(target, "INSERT INTO " + table.newTable() + row);
                    Change.execute(target, "DELETE FROM " + table.newTable() + " WHERE id = 2205");
                    Change.execute(legacy, "DELETE FROM " + table.oldTable() + " WHERE id = 2201");
                    Change.execute(legacy, "INSERT INTO " + table.oldTable() + other);
                    Change.execute(target, "DELETE FROM " + table.newTable() + " WHERE id = 2201");
                    Change.execute(target, "INSERT INTO " + table.newTable() + other);
                },
                "{ settle: 100ms, looks: 5 }");

        assertThat(discrepancies()).as(run.said()).allMatch(found -> !found.startsWith("confirmed"));
        assertThat(ask("SELECT sum(key_count) = sum(rows_matched + rows_pending + rows_absent), sum(rows_missing),"
                        + " sum(rows_unexpected) FROM backpop.chunk WHERE campaign_id = '" + name + "'"))
                .containsExactly("t|0|0");
    }

    @Test
    void a_transaction_that_wrote_before_the_look_is_waited_for() throws Exception {
        Process verify;
        try (Connection target = table.target().connect()) {
            target.setAutoCommit(false);
            table.legacy().run(value(table.oldTable(), "late", KEY));
            Change.execute(target, value(table.newTable(), "late", KEY));

            verify = verify(SOON);
            waitsFor(target, verify);
            target.commit();
        }

        endsClean(verify);
    }

    @Test
    void a_transaction_that_writes_after_the_look_and_before_rows_are_settled_is_waited_for() throws Exception {
        Process verify;
        try (Connection target = table.target().connect()) {
            target.setAutoCommit(false);
            table.legacy().run(value(table.oldTable(), "late", KEY));
            verify = verify("{ settle: 3s, looks: 3 }");
            awaitDiscrepancies("pending|mismatched|2200");
            awaitHold("looks again at 1 row");
            Change.execute(target, value(table.newTable(), "late", KEY));

            waitsFor(target, verify);
            target.commit();
        }

        endsClean(verify);
    }

    @Test
    void a_driver_that_takes_over_waits_for_it_too() throws Exception {
        Process resume;
        try (Connection target = table.target().connect()) {
            target.setAutoCommit(false);
            table.legacy().run(value(table.oldTable(), "late", KEY));
            Process verify = verify("{ settle: 3s, looks: 3 }");
            awaitDiscrepancies("pending|mismatched|2200");
            Change.execute(target, value(table.newTable(), "late", KEY));
            verify.destroyForcibly().onExit().join();
            resume = scene.backpop(name, "resume", name);

            waitsFor(target, resume);
            target.commit();
        }

        endsClean(resume);
    }

    @Test
    void what_a_transaction_takes_back_that_was_waited_for_is_confirmed() throws Exception {
        Process verify;
        try (Connection target = table.target().connect()) {
            target.setAutoCommit(false);
            table.legacy().run(value(table.oldTable(), "late", KEY));
            Change.execute(target, value(table.newTable(), "late", KEY));
            verify = verify(SOON);

            waitsFor(target, verify);
            target.rollback();
        }

        assertThat(scene.ended(name, verify).exitCode()).isEqualTo(1);
        assertThat(discrepancies()).containsExactly("confirmed|mismatched|2200");
    }

    /** Several times as long as rows settle nothing is decided, for this transaction's sake. */
    private void waitsFor(Connection transaction, Process verify) throws SQLException {
        String process = Database.ask(transaction, "SELECT pg_backend_pid()").get(0);
        awaitDiscrepancies("pending|mismatched|2200");
        awaitHold("waits for a transaction of process " + process);
        Awaitility.await()
                .during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(6))
                .until(() -> discrepancies().equals(List.of("pending|mismatched|2200")) && verify.isAlive());
        awaitHold("waits for a transaction of process " + process);
    }

    private void endsClean(Process verify) throws Exception {
        LiveScene.Run run = scene.ended(name, verify);
        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(discrepancies()).containsExactly("resolved|mismatched|2200");
    }
}
