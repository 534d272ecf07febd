package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignSpec;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.Chunk;
import dev.backpop.campaign.Counter;
import dev.backpop.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Samples and methods of a verification of 2,000 numbers, every fifth of which the plan excludes. */
@Timeout(120)
class VerifyOptionsTest {
    @TempDir
    private Path folder;

    private final Scene scene = new Scene();

    @BeforeEach
    void write() throws Exception {
        run("CREATE TABLE old_number (id int PRIMARY KEY, value text)");
        run("INSERT INTO old_number SELECT g, 'v' || g FROM generate_series(1, 2000) AS g");
        run("CREATE TABLE number (id int PRIMARY KEY, value text)");
        plan("");
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = scene.session.target().connection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void plan(String more) throws IOException {
        Files.writeString(
                folder.resolve("plan.yaml"), """
                plan: shop
                legacy: { jdbc: { url: "%1$s" } }
                target: { url: "%1$s" }
                entities:
                  number:
                    from: { table: old_number, key: id, where: "id %% 5 <> 0" }
                    into: { table: number, key: id }
                    columns: { value: value }
                    guard: overwrite
                %2$s
                """.formatted(scene.variables.get(Settings.TARGET_URL), more.indent(4)));
    }

    private CommandRun verify(String... options) {
        return scene.run(Stream.concat(
                        Stream.of("verify", folder.resolve("plan.yaml").toString(), "--dry-run"),
                        Arrays.stream(options))
                .toArray(String[]::new));
    }

    /** A verification that was begun, and whose driver was stopped before there were workers. */
    private Campaign created(String... options) throws Exception {
        String[] command = Stream.concat(
                        Stream.of("verify", folder.resolve("plan.yaml").toString(), "--name", "v"),
                        Arrays.stream(options))
                .toArray(String[]::new);
        StringBuilder said = new StringBuilder();
        Thread driving = new Thread(() -> said.append(scene.run(command)));
        driving.start();
        try {
            Awaitility.await().until(() -> isRunning() || !driving.isAlive());
            assertThat(scene.session.ledger().find("v")).as(said::toString).isPresent();
            return scene.session.office().require("v");
        } finally {
            driving.interrupt();
            driving.join();
        }
    }

    private boolean isRunning() {
        return scene.session
                .ledger()
                .find("v")
                .filter(campaign -> campaign.state() == CampaignState.RUNNING)
                .isPresent();
    }

    private List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (Chunk chunk : scene.session.ledger().plannedChunks("v", 100)) {
            keys.addAll(Objects.requireNonNull(chunk.keys()));
        }
        return keys;
    }

    @Test
    void a_sample_is_drawn_of_the_keys_in_scope_and_the_seed_draws_it_again() throws Exception {
        Campaign campaign = created("--sample", "30", "--seed", "42", "--from", "1001");
        List<String> first = keys();

        assertThat(campaign.spec().listed()).isTrue();
        assertThat(campaign.planDone()).isTrue();
        assertThat(campaign.spec().sample()).isEqualTo(new CampaignSpec.Sample(30, 800, 42));
        assertThat(first).hasSize(30).doesNotHaveDuplicates().allSatisfy(key -> {
            int id = Integer.parseInt(key.substring(1, key.length() - 1));
            assertThat(id).isBetween(1_001, 2_000);
            assertThat(id % 5).isNotZero();
        });
        run("DELETE FROM backpop.chunk");
        run("DELETE FROM backpop.campaign");
        created("--sample", "30", "--seed", "42", "--from", "1001");
        assertThat(keys()).isEqualTo(first);
    }

    @Test
    void a_key_with_several_rows_is_one_to_draw() throws Exception {
        run("ALTER TABLE old_number DROP CONSTRAINT old_number_pkey");
        run("INSERT INTO old_number SELECT * FROM old_number WHERE id <= 1000");

        Campaign campaign = created("--sample", "1600", "--seed", "1");

        assertThat(Objects.requireNonNull(campaign.spec().sample()).population())
                .isEqualTo(1_600);
        assertThat(keys()).hasSize(1_600).doesNotHaveDuplicates();
    }

    @Test
    void a_sample_says_its_seed_and_when_it_ends_its_bound() throws Exception {
        created("--sample", "300", "--seed", "7");
        scene.finish("v", 1, Map.of(Counter.ROWS_MATCHED, 300L));

        assertThat(scene.run("status", "v").out())
                .contains("a sample of 300 of 1,600 keys, seed 7", "0 of 300 differ so far");
        scene.end("v", CampaignState.COMPLETED, null);

        CommandRun status = scene.run("status", "v");
        JsonNode document = scene.json("status", "v", "--json").get(0).get("sample");
        assertThat(status.exitCode()).isZero();
        assertThat(status.out())
                .contains("0 of 300 differ: at most 1 % of 1,600 rows do, at 95 % confidence;"
                        + " rows that only the target has are not covered");
        assertThat(document.get("seed").asLong()).isEqualTo(7);
        assertThat(document.get("compared").asLong()).isEqualTo(300);
        assertThat(document.get("population").asLong()).isEqualTo(1_600);
        assertThat(document.get("at_most").asDouble()).isBetween(0.0099, 0.01);
    }

    @Test
    void what_is_not_proven_counts_as_different_and_what_has_gone_not_at_all() throws Exception {
        created("--sample", "300", "--seed", "7");
        scene.finish(
                "v",
                1,
                Map.of(
                        Counter.ROWS_MATCHED, 290L,
                        Counter.ROWS_MISMATCHED, 3L,
                        Counter.ROWS_UNVERIFIABLE, 2L,
                        Counter.ROWS_ABSENT, 5L));
        scene.end("v", CampaignState.COMPLETED, null);

        CommandRun status = scene.run("status", "v");

        assertThat(status.exitCode()).isEqualTo(1);
        assertThat(status.out()).contains("5 of 295 differ or are not proven equal: at most 3.6 % of 1,595 rows do");
    }

    @Test
    void a_sample_of_all_there_is_compares_everything_and_says_what_it_does_not_cover() throws Exception {
        Campaign campaign = created("--sample", "5000");
        scene.finish("v", 1, Map.of(Counter.ROWS_MATCHED, 1_000L));
        scene.finish("v", 2, Map.of(Counter.ROWS_MATCHED, 600L));
        scene.end("v", CampaignState.COMPLETED, null);

        assertThat(Objects.requireNonNull(campaign.spec().sample()).size()).isEqualTo(1_600);
        assertThat(scene.run("status", "v").out())
                .contains(
                        "0 of 1,600 differ, and that is all there are; rows that only the target has are not covered");
    }

    @Test
    void a_dry_run_counts_what_would_be_drawn() {
        assertThat(verify("--sample", "30").out()).contains("1,600 keys, 30 of them drawn, about 1 chunks");
    }

    @Test
    void samples_that_cannot_be_drawn_are_refused() throws Exception {
        Path ids = Files.writeString(folder.resolve("ids"), "1\n");

        assertRefused("leave out --ids", "--sample", "30", "--ids", ids.toString());
        assertRefused("give --sample N too", "--seed", "3");
        assertRefused("not within 1 to 1000000", "--sample", "0");
        assertRefused("not within 1 to 1000000", "--sample", "1000001");
        CommandRun none =
                scene.run("verify", folder.resolve("plan.yaml").toString(), "--sample", "3", "--from", "5000");
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err()).contains("no keys in that range");
        assertThat(scene.session.ledger().list(false, 9)).isEmpty();
    }

    @Test
    void a_method_is_kept_in_the_spec() throws Exception {
        assertThat(created("--method", "bytes").spec().method()).isEqualTo("bytes");
    }

    @Test
    void a_misspelt_method_is_answered_with_a_guess() {
        assertRefused("did you mean 'digests'", "--method", "digest");
        assertRefused("digests, bytes, rows", "--method", "quickly");
    }

    @Test
    void digests_are_refused_where_a_column_is_not_compared_exactly() throws Exception {
        plan("compare: { value: volatile }");

        CommandRun run = scene.run("verify", folder.resolve("plan.yaml").toString(), "--method", "digests");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--method digests", "number", "value (volatile)", "--method bytes or rows");
        assertThat(scene.session.ledger().list(false, 9)).isEmpty();
        assertThat(created("--method", "bytes").spec().method()).isEqualTo("bytes");
    }

    @Test
    void a_column_that_is_ignored_does_not_stand_in_the_way_of_digests() throws Exception {
        plan("compare: { value: { ignore: \"no longer kept\" } }");

        assertThat(created("--method", "digests").spec().method()).isEqualTo("digests");
    }

    @Test
    void files_can_only_be_verified_by_rows() throws Exception {
        Files.writeString(folder.resolve("numbers.ndjson"), "{\"id\": 1, \"value\": \"v1\"}\n");
        Files.writeString(folder.resolve("plan.yaml"), """
                plan: shop
                legacy: { file: { directory: "." } }
                target: { url: "%s" }
                entities:
                  number:
                    from: { file: numbers.ndjson, key: id, fields: { id: integer, value: text } }
                    into: { table: number, key: id }
                    columns: { value: value }
                    guard: overwrite
                """.formatted(scene.variables.get(Settings.TARGET_URL)));
        for (String method : List.of("digests", "bytes")) {
            CommandRun run = scene.run("verify", folder.resolve("plan.yaml").toString(), "--method", method);

            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).contains("--method " + method, "needs PostgreSQL on both sides", "--method rows");
        }
        assertThat(created("--method", "rows").spec().method()).isEqualTo("rows");
    }

    private void assertRefused(String why, String... options) {
        CommandRun run = verify(options);

        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains(why);
    }
}
