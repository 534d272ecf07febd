package dev.backpop.producer.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A worker that was really built before backfills had passes, on a ledger of this build: alone, beside a worker of this
 * build, and alone again when the closing sweep comes.
 */
@Chaos
class OlderBuildTest {
    private static final String REFUSAL = "backfill chunks here are for workers that know version 4 of the ledger";

    private static final String PLAN = """
            plan: shop
            legacy: { jdbc: { url: "${LEGACY_URL}" } }
            target: { url: "${BACKPOP_TARGET_URL}" }
            entities:
              line:
                from: { table: old_line, key: id }
                into: { table: line, key: id }
                columns: { head: head, x: x }
            """;
    private static final int ROWS = 20_000;

    private static Path older;

    @TempDir
    Path folder;

    @BeforeAll
    static void build() throws IOException, InterruptedException {
        older = OlderBuild.worker();
    }

    @Test
    void a_worker_from_before_closing_sweeps_leaves_backfills_to_newer_ones() throws Exception {
        Ending undisturbed;
        try (Scene scene = open()) {
            JavaProcess driver = backfill(scene);
            undisturbed = toEnd(scene, driver, false);
        }
        try (Scene scene = open()) {
            JavaProcess driver = backfill(scene);
            // It starts: it looks only whether the ledger has its own version.
            JavaProcess alone = older(scene);
            awaitRefusal(alone);
            Awaitility.await("the reason is kept")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> hold(scene).contains(REFUSAL));
            JavaProcess status = scene.backpop("status", Scene.CAMPAIGN);
            status.awaitEnd(Duration.ofSeconds(30));
            assertThat(status.said()).contains(REFUSAL, "stop it and start a newer one");
            assertThat(scene.done()).isZero();
            Instant blow = Instant.now();

            Ending ending = toEnd(scene, driver, true);

            assertThat(ending).isEqualTo(undisturbed);
            double seconds = scene.recovery(blow, blow);
            Outcome outcome = new Outcome(
                    "workers: one of a build before passes, alone and beside a newer one",
                    seconds,
                    scene.leases.redelivered(),
                    scene.number("SELECT count(*) FROM (SELECT * FROM old_line EXCEPT ALL TABLE line) AS lost"),
                    0);
            assertThat(OutcomeTable.add(outcome).lost()).isZero();
        }
    }

    /** With a worker of this build, which is away when the closing sweep begins. */
    private static Ending toEnd(Scene scene, JavaProcess driver, boolean beside) throws Exception {
        JavaProcess newer;
        try (Connection live = scene.database.connect()) {
            // While it is open, the closing sweep waits.
            live.setAutoCommit(false);
            live.createStatement().execute("SELECT 1 FROM line");
            newer = scene.worker();
            patiently("a row waits for its parent")
                    .until(() -> scene.number("SELECT count(*) FROM backpop.reject WHERE state = 'deferred'") > 0);
            patiently("the first chunk is written")
                    .until(() ->
                            scene.number("SELECT count(*) FROM backpop.chunk WHERE chunk_no = 1 AND state = 'done'")
                                    == 1);
            // An application whose delete found nothing to delete in the new table yet.
            scene.run("INSERT INTO head VALUES (2)", "DELETE FROM old_line WHERE id <= 10");
            patiently("the closing sweep waits").until(() -> hold(scene).contains("closing sweep waits"));
            newer.terminate();
            newer.awaitEnd(Duration.ofSeconds(30));
            live.rollback();
        }
        String closing = "SELECT count(*) FROM backpop.chunk WHERE pass = 'closing'";
        patiently("the closing sweep is planned").until(() -> scene.number(closing) > 0);
        if (beside) {
            awaitRefusal(older(scene));
            assertThat(scene.number(closing + " AND state <> 'planned'")).isZero();
        }
        scene.worker();
        assertThat(driver.awaitEnd(Duration.ofSeconds(90))).as(driver::said).isZero();
        return Ending.of(scene);
    }

    private static void awaitRefusal(JavaProcess worker) {
        patiently("it is refused").until(() -> worker.said().contains(REFUSAL));
    }

    private static ConditionFactory patiently(String what) {
        return Awaitility.await(what).atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50));
    }

    private static String hold(Scene scene) {
        return scene.ask("SELECT coalesce(hold_reason, '') FROM backpop.campaign")
                .get(0);
    }

    private static Scene open() throws Exception {
        Scene scene = Scene.open();
        scene.run(
                "CREATE TABLE old_line (id int PRIMARY KEY, head int NOT NULL, x text NOT NULL)",
                "INSERT INTO old_line SELECT i, 1 + (i % 500 = 0)::int, 'x' || i FROM generate_series(1, " + ROWS
                        + ") AS i",
                "CREATE TABLE head (id int PRIMARY KEY)",
                "INSERT INTO head VALUES (1)",
                "CREATE TABLE line (id int PRIMARY KEY, head int NOT NULL REFERENCES head, x text NOT NULL)");
        return scene;
    }

    private JavaProcess backfill(Scene scene) throws IOException {
        Path plan = Files.writeString(folder.resolve("shop.yaml"), PLAN);
        JavaProcess driver = scene.backpop("backfill", plan.toString(), "--name", Scene.CAMPAIGN);
        patiently("chunks are queued")
                .until(() ->
                        scene.ask("SELECT to_regclass('backpop.chunk')").get(0).equals("backpop.chunk")
                                && scene.number("SELECT count(*) FROM backpop.chunk") > 0);
        return driver;
    }

    private static JavaProcess older(Scene scene) {
        return scene.start(
                "older" + System.nanoTime(),
                scene.variables,
                List.of("-Xmx128m", "-jar", older.toString(), "--health-port", "0"));
    }

    /** What a campaign came to, whoever ran its chunks. */
    private record Ending(String campaign, String rows, String counts, String rejects, String chunks) {
        static Ending of(Scene scene) {
            return new Ending(
                    scene.ask("SELECT state, hold_reason FROM backpop.campaign").get(0),
                    scene.ask("SELECT count(*), sum(hashtextextended(line::text, 0)::numeric) FROM line")
                            .get(0),
                    scene.ask("SELECT sum(key_count) FILTER (WHERE pass = 'main'), sum(rows_written + rows_unchanged"
                                    + " + rows_guarded + rows_rejected + rows_absent + rows_excluded), sum(rows_written),"
                                    + " sum(rows_deferred), sum(rows_rejected), sum(rows_swept) FROM backpop.chunk"
                                    + " WHERE state = 'done'")
                            .get(0),
                    scene.ask("SELECT state, count(*) FROM backpop.reject WHERE state <> 'resolved' GROUP BY 1")
                            .toString(),
                    scene.ask(
                                    "SELECT pass, sum(attempts) FROM backpop.chunk WHERE state = 'done' GROUP BY 1 ORDER BY 1")
                            .toString());
        }
    }
}
