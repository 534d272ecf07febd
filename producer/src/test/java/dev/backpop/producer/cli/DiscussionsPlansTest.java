package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.backpop.plan.Entity;
import dev.backpop.plan.PlanReader;
import dev.backpop.producer.discussions.DiscussionsFiles;
import dev.backpop.settings.Environment;
import dev.backpop.testing.Database;
import dev.backpop.testing.Servers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The plans for Open Discussions, over a database with the application's old tables in it. */
@Timeout(120)
class DiscussionsPlansTest {
    private static final Path WORKER = Path.of(
                    System.getProperty("backpop.root", ".."), "worker", "target", "backpop-worker.jar")
            .toAbsolutePath();

    @TempDir
    private static Path votes;

    private static final Map<String, String> VARIABLES = new HashMap<>();
    private static Database database;
    private static @Nullable Process worker;

    /** One database for all, whose tests each have tables of their own in it, and one worker. */
    @BeforeAll
    static void application() throws SQLException, IOException {
        database = DiscussionsFiles.install(Database.with(resource("old-application.sql")));
        database.run(resource("moved.sql"));
        VARIABLES.put("BACKPOP_REDIS_URL", Servers.redis().url());
        VARIABLES.put("BACKPOP_REDIS_PREFIX", Servers.newPrefix());
        VARIABLES.put("BACKPOP_TARGET_URL", database.url());
        VARIABLES.put("VOTES_DIRECTORY", votes.toString());
        Files.writeString(votes.resolve("post_votes.csv"), """
                post_id,voter_id,direction
                1,1,1
                1,2,-1
                2,1,1
                """);
        Files.writeString(votes.resolve("comment_votes.csv"), """
                comment_id,voter_id,direction
                1,1,1
                2,2,-1
                3,1,0
                4,99,1
                999999,1,1
                5,1,up
                """);
    }

    @AfterAll
    static void stopWorker() throws InterruptedException {
        if (worker != null) {
            worker.destroyForcibly().waitFor();
        }
    }

    private static void startWorker() throws IOException {
        assumeTrue(Files.isRegularFile(WORKER), "skipped: the worker's jar is not built yet, 'mvn verify' builds it");
        if (worker != null) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder(
                        WorkerJar.command(WORKER, List.of("--lanes", "2", "--health-port", "0", "--with-parent")))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(VARIABLES);
        worker = builder.start();
    }

    private static String resource(String name) throws IOException {
        try (InputStream found = Objects.requireNonNull(DiscussionsFiles.class.getResourceAsStream(name), name)) {
            return new String(found.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** With the plans as they are, but that nothing is waited for: nobody else writes here. */
    private static CommandRun run(String command, String plan, String... arguments) throws IOException {
        Path copy = votes.resolve(plan);
        String settled = "guard: fence\n    verify: { settle: 0s }\n";
        Files.writeString(copy, (DiscussionsFiles.text(plan) + "\n").replace("guard: fence\n", settled));
        List<String> all = new ArrayList<>(List.of(command.split(" ", -1)));
        all.add(copy.toString());
        all.addAll(List.of(arguments));
        return CommandRun.of(VARIABLES, all.toArray(String[]::new));
    }

    private static CommandRun move(String command, String plan, String... entities) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--json"));
        for (String entity : entities) {
            arguments.addAll(List.of("--entity", entity));
        }
        return run(command, plan, arguments.toArray(String[]::new));
    }

    private static Map<String, JsonNode> byEntity(CommandRun run) {
        Map<String, JsonNode> found = new HashMap<>();
        run.out()
                .lines()
                .map(line -> JsonMapper.shared().readTree(line))
                .filter(line -> line.has("entity"))
                .forEach(line -> found.put(line.path("entity").asString(), line));
        return found;
    }

    private static long count(Map<String, JsonNode> lines, String entity, String counter) {
        return count(Objects.requireNonNull(lines.get(entity), entity), counter);
    }

    private static long count(JsonNode line, String counter) {
        return line.path("counters").path(counter).asLong();
    }

    @Test
    void the_plans_of_reddit_are_read() {
        for (String name : List.of(
                "REDDIT_URL",
                "REDDIT_TOKEN_URL",
                "REDDIT_USER_AGENT",
                "REDDIT_CLIENT_ID",
                "REDDIT_CLIENT_SECRET",
                "REDDIT_REFRESH_TOKEN",
                "REDDIT_ACCESS_KEY")) {
            VARIABLES.put(name, name.endsWith("URL") ? "https://example.org" : "x");
        }

        assertThat(entities("discussions.yaml")).containsExactly("channel", "post", "comment");
        assertThat(entities("discussions-likes.yaml")).containsExactly("post_vote", "comment_vote");
        assertThat(entities("discussions-roles.yaml")).containsExactly("reddit_moderator", "reddit_contributor");
    }

    private static List<String> entities(String plan) {
        return new PlanReader(new Environment(VARIABLES::get))
                .read(DiscussionsFiles.path(plan)).entities().stream()
                        .map(Entity::name)
                        .toList();
    }

    @Test
    void the_other_plans_fit_both_stores() throws Exception {
        for (String plan :
                List.of("discussions-application.yaml", "discussions-nodes.yaml", "discussions-votes.yaml")) {
            CommandRun checked = run("plan check", plan);

            assertThat(checked.out()).as(plan).contains(" 0 errors").doesNotContain("error ");
            assertThat(checked.exitCode()).as(checked.out() + checked.err()).isZero();
        }
    }

    @Test
    void what_the_application_alone_knows_is_moved_and_verified() throws Exception {
        startWorker();

        Map<String, JsonNode> moved = byEntity(move("backfill", "discussions-application.yaml"));

        assertThat(count(moved, "subscription", "rows.written")).isEqualTo(3);
        assertThat(count(moved, "subscription", "rows.deferred") + count(moved, "subscription", "rows.rejected"))
                .as("of a post that never came")
                .isEqualTo(1);
        assertThat(database.ask("SELECT id, name, allowed_post_types, membership_is_managed, widget_list_id, about"
                        + " FROM channel ORDER BY id"))
                .containsExactly("5|physics|7|t|1|[{\"a\": 1}]", "6|unknown_here|1|f|null|null");
        assertThat(database.ask("SELECT * FROM channel_role ORDER BY user_id, role"))
                .containsExactly("5|1|moderators", "5|2|contributors", "5|2|moderators", "5|3|moderators");
        assertThat(database.ask("SELECT channel_id, user_id FROM channel_subscription"))
                .containsExactlyInAnyOrder("5|1", "5|3");
        assertThat(database.ask("SELECT post_id, content FROM article")).containsExactly("2|[\"text\"]");
        assertThat(database.ask("SELECT user_id, post_id, comment_id FROM subscription ORDER BY id"))
                .containsExactly("1|1|null", "1|1|1", "2|1|null");
        assertThat(database.ask("SELECT post_id, comment_id, is_spam FROM spam_check_result ORDER BY id"))
                .containsExactly("1|null|t", "null|1|f");
        assertThat(run("sequences", "discussions-application.yaml", "--apply").exitCode())
                .isZero();

        Map<String, JsonNode> verified = byEntity(move("verify", "discussions-application.yaml"));

        verified.forEach((entity, line) -> {
            assertThat(count(line, "rows.mismatched")).as(entity).isZero();
            assertThat(count(line, "rows.unexpected")).as(entity).isZero();
            assertThat(count(line, "rows.matched")).as(entity).isPositive();
        });
        assertThat(count(verified, "subscription", "rows.missing")
                        + count(verified, "subscription", "rows.unverifiable"))
                .isEqualTo(1);
    }

    @Test
    void trees_are_moved_verified_and_made_anew_when_comments_came() throws Exception {
        startWorker();

        CommandRun moved = move("backfill", "discussions-nodes.yaml", "comment_node_best");

        assertThat(moved.exitCode()).as(moved.out() + moved.err()).isZero();
        assertThat(count(byEntity(moved), "comment_node_best", "rows.written")).isEqualTo(302);
        database.run(
                "UPDATE comment SET score = 1000 WHERE id IN (7, 8, 144)",
                "INSERT INTO comment (id, post_id, text, created_on) VALUES (301, 1, 'x', '2019-02-01Z')");

        CommandRun verified = move("verify", "discussions-nodes.yaml", "comment_node_best");
        assertThat(verified.exitCode()).isEqualTo(1);
        assertThat(count(byEntity(verified), "comment_node_best", "rows.mismatched"))
                .isGreaterThan(100);
        CommandRun again = move("backfill", "discussions-nodes.yaml");

        assertThat(again.exitCode()).as(again.out() + again.err()).isZero();
        for (String order : List.of("comment_node_new", "comment_node_old")) {
            assertThat(count(byEntity(again), order, "rows.written")).as(order).isEqualTo(303);
        }
        assertThat(database.ask(
                        "SELECT count(*) FROM comment_trees AS t FULL JOIN comment_node_best AS b USING (post_id, id)"
                                + " FULL JOIN comment_node_new AS n USING (post_id, id) FULL JOIN comment_node_old AS o USING (post_id, id)"
                                + " WHERE (t.path_best, t.path_new, t.path_old, t.numchild, t.depth)"
                                + " IS DISTINCT FROM (b.path, n.path, o.path, b.numchild, n.depth)"))
                .containsExactly("0");
        CommandRun clean = move("verify", "discussions-nodes.yaml");
        assertThat(clean.exitCode()).as(clean.out() + clean.err()).isZero();
    }

    @Test
    void votes_are_moved_and_verified_and_bad_ones_refused() throws Exception {
        startWorker();

        CommandRun moved = move("backfill", "discussions-votes.yaml");

        Map<String, JsonNode> lines = byEntity(moved);
        assertThat(moved.exitCode()).isEqualTo(1);
        assertThat(count(lines, "post_vote", "rows.written")).isEqualTo(3);
        assertThat(count(lines, "comment_vote", "rows.written")).isEqualTo(2);
        assertThat(count(lines, "comment_vote", "rows.rejected") + count(lines, "comment_vote", "rows.deferred"))
                .isEqualTo(4);
        assertThat(database.ask(
                        "SELECT key, constraint_name FROM backpop.reject JOIN backpop.campaign AS c ON c.id = campaign_id"
                                + " WHERE c.plan = 'discussions-votes' ORDER BY key::text"))
                .satisfiesExactlyInAnyOrder(
                        one -> assertThat(one).startsWith("[3, 1]").endsWith("comment_vote_direction"),
                        one -> assertThat(one).startsWith("[4, 99]").endsWith("comment_vote_voter_id_known"),
                        one -> assertThat(one).startsWith("[5, 1]").endsWith("null"),
                        one -> assertThat(one).startsWith("[999999, 1]").endsWith("comment_vote_comment_id_fkey"));
        assertThat(database.ask("SELECT * FROM comment_vote ORDER BY 1")).containsExactly("1|1|1", "2|2|-1");

        Map<String, JsonNode> verified = byEntity(move("verify", "discussions-votes.yaml"));

        assertThat(count(verified, "post_vote", "rows.matched")).isEqualTo(3);
        assertThat(count(verified, "comment_vote", "rows.matched")).isEqualTo(2);
        assertThat(count(verified, "comment_vote", "rows.mismatched")).isZero();
    }
}
