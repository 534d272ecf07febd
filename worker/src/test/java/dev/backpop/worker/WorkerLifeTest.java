package dev.backpop.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.ChunkState;
import dev.backpop.campaign.Counter;
import dev.backpop.queue.Heartbeats;
import dev.backpop.queue.Lease;
import dev.backpop.queue.WorkerStatus;
import dev.backpop.testing.Servers;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a worker notices that it cannot work, and how it ends. */
class WorkerLifeTest {
    private static final String CLASS_PATH = System.getProperty("java.class.path");

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    /** A worker process over the fixture's stores. */
    private Process start(WorkerFixture fixture, String classPath, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                classPath,
                WorkerCommand.class.getName(),
                "--health-port",
                "0"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(fixture.variables);
        builder.environment().put("BACKPOP_REDIS_URL", Servers.redis().url());
        builder.environment().put("BACKPOP_REDIS_PREFIX", fixture.prefix);
        builder.environment().put("BACKPOP_TARGET_URL", fixture.database.url());
        builder.environment().put("BACKPOP_LOG_LEVEL", "ERROR");
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    @Test
    void told_to_stop_it_ends_after_its_grace_and_the_chunk_it_hands_back_counts_once() throws Exception {
        try (WorkerFixture fixture = new WorkerFixture(10)) {
            fixture.database.run(
                    "CREATE TABLE slow (seconds int)",
                    "INSERT INTO slow VALUES (6)",
                    "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS"
                            + " $$ BEGIN PERFORM pg_sleep(seconds) FROM slow; RETURN NEW; END $$",
                    "CREATE TRIGGER slow BEFORE INSERT ON thing EXECUTE FUNCTION slow()");
            fixture.start("a", CampaignKind.BACKFILL, 1);
            Process worker = start(fixture, CLASS_PATH, "--lanes", "1", "--grace", "0");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> !fixture.database
                            .ask("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
                            .isEmpty());
            fixture.database.run("DELETE FROM slow");

            worker.destroy();

            assertThat(worker.waitFor(4, TimeUnit.SECONDS))
                    .as("ends although its statement runs on")
                    .isTrue();
            assertThat(worker.exitValue()).isEqualTo(143);
            assertThat(fixture.queue.backlog("a").leased()).isZero();
            assertThat(fixture.runAll()).isEqualTo(1);
            assertThat(fixture.chunk("a", 1).state()).isEqualTo(ChunkState.DONE);
            assertThat(fixture.chunk("a", 1).attempts()).isZero();
            assertThat(fixture.counters("a").get(Counter.ROWS_WRITTEN)).isEqualTo(10);
            assertThat(fixture.progress.read("a"))
                    .containsEntry("chunks.done", 1L)
                    .containsEntry("rows.written", 10L);
        }
    }

    @Test
    void a_worker_whose_lane_breaks_down_ends_and_does_not_stay_as_if_it_were_ready() throws Exception {
        try (WorkerFixture fixture = new WorkerFixture(10)) {
            fixture.start("a", CampaignKind.BACKFILL, 1);
            // A class that only a chunk needs, and that no virtual machine can load.
            Path classes = Servers.newFolder();
            Path broken = classes.resolve("dev/backpop/worker/backfill/MainPass.class");
            Files.createDirectories(broken.getParent());
            Files.writeString(broken, "no class");
            Process worker = start(fixture, classes + File.pathSeparator + CLASS_PATH, "--lanes", "2");

            assertThat(worker.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(worker.exitValue()).isEqualTo(1);
            assertThat(fixture.chunk("a", 1).state()).isEqualTo(ChunkState.PLANNED);
            assertThat(fixture.queue.backlog("a").outstanding()).isEqualTo(1);
        }
    }

    @Test
    void an_error_ends_its_loop_with_a_word_and_an_exception_does_not() throws Exception {
        CompletableFuture<String> broken = new CompletableFuture<>();
        Lanes lanes = new Lanes(new Wakeup(), (name, error) -> broken.complete(name + " " + error.getMessage()));
        List<Integer> steps = new ArrayList<>();
        lanes.start(
                "lane-7",
                () -> {
                    steps.add(1);
                    if (steps.size() == 1) {
                        throw new IllegalStateException("once");
                    }
                    throw new LinkageError("no such class");
                },
                Duration.ZERO);

        assertThat(broken.get(10, TimeUnit.SECONDS)).isEqualTo("lane-7 no such class");
        assertThat(lanes.awaitEnd(Duration.ofSeconds(10))).isTrue();
        assertThat(steps).hasSize(2);
    }

    @Test
    void a_busy_worker_is_ready_only_while_its_leases_can_be_renewed() throws Exception {
        try (WorkerFixture fixture = new WorkerFixture(10)) {
            fixture.start("a", CampaignKind.BACKFILL, 1);
            Lease lease = fixture.queue.lease("a", "w-1").orElseThrow();
            fixture.held.add(lease);
            WorkerStatus status = new WorkerStatus("w", "h", 1, "1", 1, List.of(), 0, null, "running");
            LeaseKeeper keeper = new LeaseKeeper(
                    fixture.queue, fixture.held, new Heartbeats(fixture.redis, fixture.keys), () -> status);
            assertThat(fixture.held.readiness().ready()).isTrue();

            fixture.pass(Duration.ofSeconds(31));
            assertThat(fixture.held.readiness().ready()).isFalse();
            assertThat(fixture.held.readiness().reason()).contains("Redis", "31 seconds");

            keeper.runOnce();
            assertThat(fixture.held.readiness().ready()).isTrue();
        }
    }
}
