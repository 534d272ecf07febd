package dev.backpop.producer.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A verification whose workers are killed, or that is paused, finds and counts what an undisturbed one does. */
@Tag("chaos")
@Tag("alone")
class VerificationKillsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String SETTLE = "{ method: rows, settle: 2s }";

    private LiveScene scene;
    private LiveTables tables;
    private Path plan;

    @BeforeEach
    void open() throws Exception {
        assumeTrue(
                Files.isRegularFile(LiveScene.workerJar()), "skipped: there is no worker jar yet, mvn verify makes it");
        scene = LiveScene.withoutWorker();
        tables = scene.equalTables("thing", false);
        tables.target()
                .run(
                        "DELETE FROM thing WHERE id % 200 = 2",
                        "UPDATE thing SET x = upper(x) WHERE id % 200 = 3",
                        "INSERT INTO thing SELECT i, 'nobody knows', 1 FROM generate_series(201, 6000, 200) AS i");
        plan = scene.verification(tables, SETTLE);
    }

    @AfterEach
    void close() {
        if (scene != null) {
            scene.close();
        }
    }

    private Process verify(String name) throws Exception {
        return scene.backpop(name, "verify", plan.toString(), "--name", name);
    }

    private List<String> ask(String query) {
        try {
            return tables.target()
                            .ask("SELECT to_regclass('backpop.campaign_check') IS NULL")
                            .equals(List.of("t"))
                    ? List.of()
                    : tables.target().ask(query);
        } catch (SQLException e) {
            throw new IllegalStateException(query, e);
        }
    }

    private void await(String query, String answer) {
        Awaitility.await(query)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> ask(query).equals(List.of(answer)));
    }

    private static String pending(String campaign) {
        return "SELECT count(*) FROM backpop.discrepancy WHERE state = 'pending' AND checks = 1 AND campaign_id = '"
                + campaign + "'";
    }

    /** What it found, what it counted, and how it ended. */
    private List<String> books(String campaign) {
        String of = " WHERE campaign_id = '" + campaign + "'";
        List<String> books = new ArrayList<>(ask("SELECT sum(key_count), sum(rows_read), sum(rows_matched),"
                + " sum(rows_mismatched), sum(rows_missing), sum(rows_unexpected), sum(rows_absent), sum(rows_pending),"
                + " bool_and(state IN ('done', 'split')) FROM backpop.chunk" + of));
        books.addAll(ask("SELECT name, subject, state, message FROM backpop.campaign_check" + of + " ORDER BY 1, 2"));
        books.addAll(ask("SELECT state, reason FROM backpop.campaign WHERE id = '" + campaign + "'"));
        books.addAll(ask("SELECT state, kind, key, checks, columns FROM backpop.discrepancy" + of + " ORDER BY key"));
        return books;
    }

    private void asUndisturbed(String campaign) throws Exception {
        assertThat(scene.ended("undisturbed", verify("undisturbed")).exitCode()).isEqualTo(1);
        List<String> undisturbed = books("undisturbed");
        assertThat(undisturbed)
                .filteredOn(line -> line.startsWith("confirmed|"))
                .hasSize(30 + 30 + 29);
        assertThat(books(campaign)).isEqualTo(undisturbed);
    }

    /** Kills these workers once one of them is in the middle of a chunk, and lets the legacy store answer again. */
    private void killAt(Connection legacy, Process... workers) throws SQLException {
        awaitScan();
        for (Process worker : workers) {
            worker.destroyForcibly().onExit().join();
        }
        legacy.rollback();
    }

    /** Until a worker is in the middle of a chunk, where the old table is locked. */
    private void awaitScan() {
        Awaitility.await("workers that wait for " + tables.oldTable())
                .atMost(PATIENCE)
                .until(() -> tables.legacy()
                                .ask("SELECT FROM pg_stat_activity WHERE datname = current_database()"
                                        + " AND wait_event_type = 'Lock'")
                                .size()
                        > 0);
    }

    private void lock(Connection legacy) throws SQLException {
        legacy.setAutoCommit(false);
        Change.execute(legacy, "LOCK TABLE " + tables.oldTable() + " IN ACCESS EXCLUSIVE MODE");
    }

    @Test
    void workers_that_are_killed_in_a_scan_and_in_a_recheck() throws Exception {
        try (Connection legacy = tables.legacy().connect()) {
            Process verify = verify("killed");
            await("SELECT plan_done FROM backpop.campaign WHERE id = 'killed'", "t");
            lock(legacy);
            killAt(legacy, scene.worker("first"), scene.worker("second"));
            Process third = scene.worker("third");
            await(pending("killed"), "89");
            lock(legacy);
            await("SELECT count(*) FROM backpop.chunk WHERE campaign_id = 'killed' AND pass = 'recheck'", "1");
            killAt(legacy, third);
            scene.worker("fourth");

            assertThat(scene.ended("killed", verify).exitCode()).isEqualTo(1);
        }

        asUndisturbed("killed");
    }

    @Test
    void a_pause_in_the_middle_of_a_scan() throws Exception {
        Process verify = verify("halted");
        await("SELECT plan_done FROM backpop.campaign WHERE id = 'halted'", "t");
        succeeds("set", "halted", "lanes=1");
        try (Connection legacy = tables.legacy().connect()) {
            lock(legacy);
            scene.worker("worker");
            awaitScan();
            succeeds("pause", "halted");
            legacy.rollback();
        }
        // What was under way is finished and counts, and nothing else is begun.
        await(chunks("halted", "done"), "1");
        String waiting = String.join("", ask(chunks("halted", "planned")));
        assertThat(waiting).isNotEqualTo("0");
        Awaitility.await()
                .during(Duration.ofSeconds(3))
                .atMost(Duration.ofSeconds(6))
                .until(() -> ask(chunks("halted", "done")).equals(List.of("1"))
                        && ask(chunks("halted", "planned")).equals(List.of(waiting)));
        Process resume = scene.backpop("resume", "resume", "halted");

        assertThat(scene.ended("halted", verify).exitCode()).isEqualTo(1);
        assertThat(scene.ended("resume", resume).exitCode()).isEqualTo(1);
        asUndisturbed("halted");
    }

    private static String chunks(String campaign, String state) {
        return "SELECT count(*) FROM backpop.chunk WHERE campaign_id = '" + campaign + "' AND state = '" + state + "'";
    }

    private void succeeds(String... command) throws Exception {
        LiveScene.Run run = scene.ended(command[0], scene.backpop(command[0], command));
        assertThat(run.exitCode()).as(run.said()).isZero();
    }

    @Test
    void a_pause_between_two_looks() throws Exception {
        scene.worker("worker");
        Process verify;
        try (Connection writing = tables.target().connect()) {
            // No second look is taken before it has ended, however long the command for the pause takes.
            writing.setAutoCommit(false);
            Change.execute(writing, "UPDATE thing SET x = x WHERE id = 2200");
            verify = verify("paused");
            await(pending("paused"), "89");
            succeeds("pause", "paused");
            writing.rollback();
        }
        Awaitility.await()
                .during(Duration.ofSeconds(4))
                .atMost(Duration.ofSeconds(8))
                .until(() -> ask(pending("paused")).equals(List.of("89")));
        Process resume = scene.backpop("resume", "resume", "paused");

        assertThat(scene.ended("paused", verify).exitCode()).isEqualTo(1);
        assertThat(scene.ended("resume", resume).exitCode()).isEqualTo(1);
        asUndisturbed("paused");
    }
}
