package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignSpec;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.Chunk;
import dev.backpop.campaign.ChunkState;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.campaign.Discrepancy;
import dev.backpop.campaign.Discrepancy.Difference;
import dev.backpop.ledger.DiscrepancyState;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.NewCampaign;
import dev.backpop.ledger.NewChunk;
import dev.backpop.settings.Environment;
import dev.backpop.settings.Settings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Three rows that a verification found wrong and one busy one; what workers do is said by a stand-in. */
@Timeout(120)
class RepairCommandTest {
    private static final String[] DELETING = {"--apply", "--delete-unexpected"};

    private final Scene scene = new Scene();

    @BeforeEach
    void verify() throws Exception {
        String url = Objects.requireNonNull(scene.variables.get(Settings.TARGET_URL));
        try (Connection connection = scene.session.target().connection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE old_customer (id int PRIMARY KEY)");
            statement.execute("CREATE TABLE customer (id int PRIMARY KEY)");
        }
        String plan = """
                plan: shop
                legacy: { jdbc: { url: "%s" } }
                target: { url: "%s" }
                entities:
                  customer:
                    from: { table: old_customer, key: id }
                    into: { table: customer, key: id }
                    columns: { id: id }
                    guard: overwrite
                """.formatted(url, url);
        CampaignSpec spec = new CampaignSpec(plan, "/", null, null, true);
        scene.session
                .ledger()
                .create(
                        new NewCampaign("v", "shop", "customer", CampaignKind.VERIFY, spec, "ann@host"),
                        List.of(NewChunk.list(List.of("[1]", "[2]", "[3]", "[4]"))));
        scene.session.ledger().transition("v", CampaignState.RUNNING, null);
        scene.differ(
                "v",
                DiscrepancyState.CONFIRMED,
                new Discrepancy(
                        "[1]",
                        Discrepancy.Kind.MISMATCHED,
                        List.of(new Difference("name", "Ann", "ann", "case")),
                        null),
                new Discrepancy("[2]", Discrepancy.Kind.MISSING, List.of(), "rejected by the backfill: too long"),
                new Discrepancy("[3]", Discrepancy.Kind.UNEXPECTED, List.of(), null));
        scene.differ("v", DiscrepancyState.PENDING, new Discrepancy("[4]", Discrepancy.Kind.MISSING, List.of(), null));
        scene.end("v", CampaignState.COMPLETED, null);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void shows_by_default_what_it_would_change_and_changes_nothing() {
        for (String[] arguments : new String[][] {{"repair", "v"}, {"repair", "v", "--dry-run"}}) {
            CommandRun run = scene.run(arguments);

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out().lines().map(line -> line.replaceAll(" +", " ")))
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .isEqualTo(
                                            "A repair of shop/customer would write 1 missing row and 1 mismatched row,"
                                                    + " and leave 1 unexpected row."),
                            header -> assertThat(header).startsWith("KIND COLUMNS CAUSE KEYS"),
                            line -> assertThat(line).startsWith("mismatched name (case) - 1 1"),
                            line -> assertThat(line).startsWith("missing - rejected by the backfill: too long 1 2"),
                            line -> assertThat(line).startsWith("unexpected - - 1 3"),
                            line -> assertThat(line).isEmpty(),
                            header ->
                                    assertThat(header).startsWith("KEY KIND WOULD BE COLUMN TARGET VALUE LEGACY VALUE"),
                            line -> assertThat(line).isEqualTo("1 mismatched written name \"ann\" \"Ann\""),
                            line -> assertThat(line).startsWith("2 missing written"),
                            line -> assertThat(line).startsWith("3 unexpected left"));
            assertThat(run.err())
                    .contains("Nothing was changed. To do it: backpop repair v --apply\n")
                    .contains("backpop repair v --apply --delete-unexpected --confirm-delete 1")
                    .contains("1 busy row, not proven wrong");
        }
        assertThat(scene.run("repair", "v", "--delete-unexpected").out())
                .contains("delete 1 unexpected row", "deleted");
        assertThat(campaigns()).containsExactly("v");
    }

    @Test
    void shows_as_many_rows_as_asked_for_and_all_to_programs() {
        CommandRun one = scene.run("repair", "v", "--limit", "1");
        List<JsonNode> documents = scene.json("repair", "v", "--json");

        assertThat(one.err()).contains("first 1 of 3 rows", "--all");
        assertThat(documents).hasSize(3);
        assertThat(documents.get(0).get("action").asString()).isEqualTo("written");
        assertThat(documents.get(0).get("columns").get(0).get("target").asString())
                .isEqualTo("ann");
        assertThat(documents.get(2).get("action").asString()).isEqualTo("left");
        assertThat(scene.json("repair", "v", "--json", "--delete-unexpected")
                        .get(2)
                        .get("action")
                        .asString())
                .isEqualTo("deleted");
        assertThat(scene.run("repair", "v", "--json", "--limit", "2").out().lines())
                .hasSize(2);
    }

    @Test
    void options_that_do_not_go_together_are_refused() {
        for (String arguments :
                List.of("--apply --dry-run", "--apply --confirm-delete 1", "--delete-unexpected --confirm-delete 1")) {
            CommandRun run = scene.run(Stream.concat(Stream.of("repair", "v"), Arrays.stream(arguments.split(" ")))
                    .toArray(String[]::new));

            assertThat(run.exitCode()).as(arguments).isEqualTo(2);
        }
        assertThat(campaigns()).containsExactly("v");
    }

    @Test
    void only_a_verification_that_has_ended_can_be_repaired() {
        scene.running("b", "rental", CampaignKind.BACKFILL, 1);
        scene.running("w", "film", CampaignKind.VERIFY, 1);

        assertThat(scene.run("repair", "b").exitCode()).isEqualTo(2);
        assertThat(scene.run("repair", "b").err()).contains("only a verification's discrepancies");
        assertThat(scene.run("repair", "w").exitCode()).isEqualTo(2);
        assertThat(scene.run("repair", "w").err()).contains("let it end");
    }

    @Test
    void with_nothing_wrong_there_is_nothing_to_repair_busy_rows_or_not() throws Exception {
        try (Connection connection = scene.session.target().connection();
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE backpop.discrepancy SET state = 'resolved' WHERE state = 'confirmed'");
        }
        for (String[] arguments : new String[][] {{"repair", "v"}, {"repair", "v", "--apply"}}) {
            CommandRun run = scene.run(arguments);

            assertThat(run.exitCode()).isZero();
            assertThat(run.err()).contains("nothing to repair of v", "1 busy row");
        }
        assertThat(campaigns()).containsExactly("v");
    }

    @Test
    void writes_when_told_to_and_leaves_and_reports_unexpected_rows() throws Exception {
        CommandRun run = applied("--apply");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("resolved of v: 2")
                .contains("1 unexpected row of the target left", "--delete-unexpected --confirm-delete 1")
                .contains("1 busy row");
        assertThat(keysOf(CampaignKind.REPAIR)).containsExactly("[1]", "[2]");
        assertThat(keysOf(CampaignKind.VERIFY)).containsExactly("[1]", "[2]");
        assertThat(ofKind(CampaignKind.REPAIR).spec().deleteUnexpected()).isFalse();
        assertThat(scene.session.ledger().confirmedKeys("v", Set.of(Discrepancy.Kind.UNEXPECTED), 9))
                .containsExactly("[3]");
    }

    @Test
    void deletes_when_told_to_and_the_number_of_rows_is_confirmed() throws Exception {
        CommandRun run = applied("--apply", "--delete-unexpected", "--confirm-delete", "1");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).contains("resolved of v: 3").doesNotContain("unexpected");
        assertThat(run.out())
                .contains("deleted, because the old store does not have them: 1")
                .doesNotContain("closing sweep");
        assertThat(keysOf(CampaignKind.REPAIR)).containsExactly("[1]", "[2]", "[3]");
        assertThat(keysOf(CampaignKind.VERIFY)).containsExactly("[1]", "[2]", "[3]");
        assertThat(ofKind(CampaignKind.REPAIR).spec().deleteUnexpected()).isTrue();
        assertThat(ofKind(CampaignKind.VERIFY).spec().deleteUnexpected()).isFalse();
    }

    @Test
    void deletes_nothing_on_a_wrong_number_or_none_and_says_the_right_one() {
        CommandRun none = scene.run("repair", "v", "--apply", "--delete-unexpected");
        CommandRun wrong = scene.run("repair", "v", "--apply", "--delete-unexpected", "--confirm-delete", "2");

        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err()).contains("would delete 1 row", "--confirm-delete 1");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("--confirm-delete 2: 1 row", "--confirm-delete 1");
        assertThat(campaigns()).containsExactly("v");
    }

    @Test
    void a_person_at_a_terminal_types_the_number() throws Exception {
        for (String typed : Arrays.asList("2", "yes", "", null)) {
            CommandRun refused = atTerminal(typed);

            assertThat(refused.exitCode()).as(typed).isEqualTo(2);
            assertThat(refused.err()).contains("1 row of shop/customer", "not confirmed", "nothing was changed");
        }
        assertThat(campaigns()).containsExactly("v");

        CommandRun run = whileWorked(() -> atTerminal(" 1 "));

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(ofKind(CampaignKind.REPAIR).spec().deleteUnexpected()).isTrue();
    }

    @Test
    void where_no_row_is_unexpected_nothing_is_deleted_and_another_number_is_refused() throws Exception {
        try (Connection connection = scene.session.target().connection();
                Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM backpop.discrepancy WHERE kind = 'unexpected'");
        }
        assertThat(scene.run(withRepair("--apply", "--delete-unexpected", "--confirm-delete", "1"))
                        .exitCode())
                .isEqualTo(2);

        CommandRun run = applied("--apply", "--delete-unexpected", "--confirm-delete", "0");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(ofKind(CampaignKind.REPAIR).spec().deleteUnexpected()).isFalse();
    }

    @Test
    void nothing_is_run_when_all_that_is_wrong_is_left() throws Exception {
        try (Connection connection = scene.session.target().connection();
                Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM backpop.discrepancy WHERE kind <> 'unexpected'");
        }

        CommandRun run = scene.run("repair", "v", "--apply");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("1 unexpected row of the target left");
        assertThat(campaigns()).containsExactly("v");
    }

    private CommandRun atTerminal(@Nullable String typed) {
        Surroundings surroundings = new Surroundings(
                new Environment(scene.variables::get), Clock.systemUTC(), new Terminal(true, false, 80), () -> typed);
        return CommandRun.of(Backpop.commandLine(surroundings), withRepair(DELETING));
    }

    private CommandRun applied(String... options) throws Exception {
        return whileWorked(() -> scene.run(withRepair(options)));
    }

    private static String[] withRepair(String... options) {
        return Stream.concat(Stream.of("repair", "v"), Arrays.stream(options)).toArray(String[]::new);
    }

    /** Stands in for workers while the command runs: says that every key was written, or matched. */
    private CommandRun whileWorked(Callable<CommandRun> command) throws Exception {
        ExecutorService own = Executors.newSingleThreadExecutor();
        try {
            Future<CommandRun> run = own.submit(command);
            Awaitility.await()
                    .pollInterval(50, TimeUnit.MILLISECONDS)
                    .atMost(60, TimeUnit.SECONDS)
                    .until(() -> {
                        work();
                        return run.isDone();
                    });
            return run.get();
        } finally {
            own.shutdownNow();
        }
    }

    private void work() throws SQLException {
        for (Campaign campaign : scene.session.ledger().list(true, 9)) {
            var queue = scene.session.dispatch().queue();
            for (var lease = queue.lease(campaign.id(), "w");
                    lease.isPresent();
                    lease = queue.lease(campaign.id(), "w")) {
                Chunk chunk = scene.session
                        .ledger()
                        .chunk(campaign.id(), lease.get().chunkNo())
                        .orElseThrow();
                Counters counters = Counters.NONE
                        .plus(Counter.ROWS_READ, chunk.keyCount())
                        .plus(
                                campaign.kind() == CampaignKind.VERIFY ? Counter.ROWS_MATCHED : Counter.ROWS_WRITTEN,
                                chunk.keyCount())
                        .plus(Counter.ROWS_SWEPT, campaign.spec().deleteUnexpected() ? 1 : 0);
                if (chunk.state() == ChunkState.PLANNED) {
                    try (Connection connection = scene.session.target().connection()) {
                        Ledger.finishChunk(
                                connection,
                                campaign.id(),
                                chunk.chunkNo(),
                                "w",
                                Instant.EPOCH,
                                chunk.keyCount(),
                                counters);
                    }
                }
                queue.complete(lease.get(), counters);
            }
        }
    }

    private List<String> campaigns() {
        return scene.session.ledger().list(false, 9).stream().map(Campaign::id).toList();
    }

    private Campaign ofKind(CampaignKind kind) {
        return scene.session.ledger().list(false, 9).stream()
                .filter(campaign -> campaign.kind() == kind && !campaign.id().equals("v"))
                .findFirst()
                .orElseThrow();
    }

    private List<String> keysOf(CampaignKind kind) {
        return new ArrayList<>(Objects.requireNonNull(
                scene.session.ledger().chunk(ofKind(kind).id(), 1).orElseThrow().keys()));
    }
}
