package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.backpop.producer.discussions.DiscussionsFiles;
import dev.backpop.standin.GeneratedOptions;
import dev.backpop.standin.GeneratedThings;
import dev.backpop.standin.StandIn;
import dev.backpop.standin.StandInOptions;
import dev.backpop.standin.StandInVotes;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Reddit alone knows of people, moved by the plans for Open Discussions as they are delivered, but for the allowance. */
@Timeout(180)
class DiscussionsPeopleTest {
    private static final Path WORKER = Path.of(
                    System.getProperty("backpop.root", ".."), "worker", "target", "backpop-worker.jar")
            .toAbsolutePath();
    private static final int CHANNELS = 20;
    private static final int POSTS = 16;
    private static final int KNOWN_PEOPLE = 3_000;
    private static final Map<String, String> VARIABLES = new HashMap<>();

    @TempDir
    private static Path folder;

    private static GeneratedThings things;
    private static StandIn server;
    private static Database database;
    private static @Nullable Process worker;

    @BeforeAll
    static void begin() throws SQLException, IOException {
        assumeTrue(Files.isRegularFile(WORKER), "skipped: the worker's jar is not built yet, 'mvn verify' builds it");
        things = new GeneratedThings(GeneratedOptions.of(POSTS)
                .withChannels(CHANNELS)
                .withPlain(true)
                .withCommentCounts(Map.of()));
        server = StandIn.start(StandInOptions.of(things));
        try (InputStream old = Objects.requireNonNull(
                DiscussionsFiles.class.getResourceAsStream("old-application.sql"), "old-application.sql")) {
            database = DiscussionsFiles.install(Database.with(new String(old.readAllBytes(), StandardCharsets.UTF_8)));
        }
        moved();
        VARIABLES.put("BACKPOP_REDIS_URL", Servers.redis().url());
        VARIABLES.put("BACKPOP_REDIS_PREFIX", Servers.newPrefix());
        VARIABLES.put("BACKPOP_TARGET_URL", database.url());
        VARIABLES.put("REDDIT_URL", server.url().toString());
        VARIABLES.put("REDDIT_TOKEN_URL", server.url() + "/api/v1/access_token");
        VARIABLES.put("REDDIT_USER_AGENT", "test:backpop:1 (by /u/mover)");
        VARIABLES.put("REDDIT_CLIENT_ID", server.account().clientId());
        VARIABLES.put("REDDIT_CLIENT_SECRET", server.account().clientSecret());
        VARIABLES.put("REDDIT_REFRESH_TOKEN", server.account().refreshToken());
        VARIABLES.put("REDDIT_ACCESS_KEY", server.account().userKey());
        ProcessBuilder builder = new ProcessBuilder(
                        WorkerJar.command(WORKER, List.of("--lanes", "2", "--health-port", "0", "--with-parent")))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(VARIABLES);
        worker = builder.start();
    }

    /** What discussions.yaml would have brought. The application knows all channels but the last. */
    private static void moved() throws SQLException {
        List<String> posts = new ArrayList<>();
        List<String> comments = new ArrayList<>();
        things.posts().forEach(id -> {
            long channel = number(Objects.requireNonNull(things.post(id)), "subreddit_id");
            posts.add("(" + id + ", " + channel + ", 'self', 't', now())");
        });
        things.newestComments()
                .forEach(id -> comments.add("(" + id + ", "
                        + number(Objects.requireNonNull(things.comment(id)), "link_id") + ", 'x', now())"));
        database.run(
                "INSERT INTO auth_user SELECT i + 100, 'Person_' || i FROM generate_series(1, " + KNOWN_PEOPLE
                        + ") AS i",
                "INSERT INTO channels_channel (id, name, membership_is_managed, moderator_notifications, created_on,"
                        + " updated_on) SELECT i + 100, 'CHANNEL_' || i, false, false, now(), now()"
                        + " FROM generate_series(1, " + (CHANNELS - 1) + ") AS i",
                "INSERT INTO channel (id, name, channel_type, allowed_post_types, created_on, updated_on)"
                        + " SELECT i, 'channel_' || i, 'public', 3, now(), now() FROM generate_series(1, " + CHANNELS
                        + ") AS i",
                "INSERT INTO post (id, channel_id, post_type, title, created_on) VALUES " + String.join(", ", posts),
                "INSERT INTO comment (id, post_id, text, created_on) VALUES " + String.join(", ", comments));
    }

    private static long number(JsonNode data, String field) {
        return Long.parseLong(data.path(field).asString().substring(3), 36);
    }

    @AfterAll
    static void end() throws InterruptedException {
        if (worker != null) {
            worker.destroyForcibly().waitFor();
            server.close();
        }
    }

    private static Map<String, JsonNode> run(int exitCode, String command, String plan, String... arguments)
            throws IOException {
        String text = DiscussionsFiles.text(plan)
                .replace("requests: 100\n", "requests: 1000000\n")
                .replace("settle: 10s", "settle: 0s")
                .replace(
                        "SELECT id, username, NULL AS refresh_token FROM auth_user",
                        "SELECT id, username, NULL AS" + " refresh_token FROM auth_user WHERE id <= 3");
        Path copy = Files.writeString(folder.resolve(plan), text);
        List<String> all = new ArrayList<>(List.of(command, copy.toString()));
        all.addAll(List.of(arguments));
        all.add("--json");
        CommandRun run = CommandRun.of(VARIABLES, all.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(exitCode);
        assertThat(run.out() + run.err()).doesNotContain(server.account().userKey());
        Map<String, JsonNode> found = new HashMap<>();
        run.out()
                .lines()
                .map(line -> JsonMapper.shared().readTree(line))
                .filter(line -> line.has("entity"))
                .forEach(line -> found.put(line.path("entity").asString(), line));
        return found;
    }

    /** Of people whom the application knows, in channels that it knows: {@code channel|user}. */
    private static Set<String> roles(boolean moderators) {
        Set<String> roles = new TreeSet<>();
        LongStream.range(1, CHANNELS).forEach(channel -> {
            for (String name : moderators ? things.moderators(channel) : things.contributors(channel)) {
                int person = Integer.parseInt(name.replace("person_", ""));
                if (person <= KNOWN_PEOPLE) {
                    roles.add(channel + "|" + (person + 100));
                }
            }
        });
        return roles;
    }

    @Test
    void roles_of_reddit_and_of_the_application_become_one_and_neither_is_unexpected() throws Exception {
        Set<String> moderators = roles(true);
        Set<String> contributors = roles(false);
        String both = moderators.iterator().next();
        String user = both.substring(both.indexOf('|') + 1);
        long channel = Long.parseLong(both.substring(0, both.indexOf('|')));
        // One role that both know, and one that only the application does.
        database.run(
                "DELETE FROM auth_user_groups",
                "UPDATE channels_channelgrouprole SET channel_id = " + (channel + 100),
                "INSERT INTO auth_user_groups (user_id, group_id) VALUES (" + user + ", 1), (2, 2)");

        Map<String, JsonNode> moved = run(0, "backfill", "discussions-roles.yaml");

        assertThat(DiscussionsMove.ends(moved, "reddit_moderator"))
                .startsWith("written " + moderators.size() + ", excluded");
        assertThat(DiscussionsMove.ends(moved, "reddit_contributor"))
                .startsWith("written " + contributors.size() + ", excluded");
        assertThat(new TreeSet<>(database.ask("SELECT channel_id, user_id FROM reddit_contributor")))
                .isEqualTo(contributors)
                .hasSizeGreaterThan(100);
        run(0, "backfill", "discussions-application.yaml", "--entity", "channel_role");
        Set<String> union = new TreeSet<>(Set.of(channel + "|2|contributors"));
        moderators.forEach(role -> union.add(role + "|moderators"));
        contributors.forEach(role -> union.add(role + "|contributors"));
        assertThat(new TreeSet<>(database.ask("SELECT channel_id, user_id, role FROM channel_role")))
                .isEqualTo(union);
        run(0, "verify", "discussions-roles.yaml");
        Map<String, JsonNode> clean = run(0, "verify", "discussions-application.yaml", "--entity", "channel_role");
        assertThat(DiscussionsMove.ends(clean, "channel_role")).isEqualTo("matched " + union.size());

        // One has lost the role on Reddit, one was never copied, one differs.
        database.run(
                "INSERT INTO reddit_moderator VALUES (1, 1, 1, 'nobody', now())",
                "DELETE FROM reddit_contributor WHERE (channel_id, id) IN"
                        + " (SELECT channel_id, id FROM reddit_contributor ORDER BY 1, 2 LIMIT 1)",
                "UPDATE reddit_moderator SET user_id = 3 WHERE (channel_id, id) IN"
                        + " (SELECT channel_id, id FROM reddit_moderator ORDER BY 1 DESC, 2 DESC LIMIT 1)");
        Map<String, JsonNode> found = run(1, "verify", "discussions-roles.yaml");
        assertThat(DiscussionsMove.ends(found, "reddit_moderator"))
                .contains("matched " + (moderators.size() - 1), "mismatched 1", "unexpected 1")
                .doesNotContain("missing");
        assertThat(DiscussionsMove.ends(found, "reddit_contributor"))
                .contains("matched " + (contributors.size() - 1), "missing 1")
                .doesNotContain("mismatched", "unexpected");
    }

    private static Set<String> votes(String kind, LongStream ids) {
        Set<String> votes = new TreeSet<>();
        Map<Integer, String> voters = Map.of(1, "Ann", 2, "bob", 3, "carol");
        ids.forEach(id -> voters.forEach((number, name) -> {
            JsonNode thing = kind.equals("t3") ? things.post(id) : things.comment(id);
            Boolean likes = StandInVotes.likes(things, name, kind, id);
            if (likes != null && number(Objects.requireNonNull(thing), "subreddit_id") < CHANNELS) {
                votes.add(number + "|" + id + "|" + (likes ? 1 : -1));
            }
        }));
        return votes;
    }

    @Test
    void votes_come_by_what_each_voter_likes_and_verify() throws Exception {
        Set<String> ofPosts = votes("t3", things.posts());
        Set<String> ofComments = votes("t1", things.newestComments());

        Map<String, JsonNode> moved = run(0, "backfill", "discussions-likes.yaml");

        assertThat(DiscussionsMove.ends(moved, "post_vote")).startsWith("written " + ofPosts.size());
        assertThat(DiscussionsMove.ends(moved, "comment_vote")).startsWith("written " + ofComments.size());
        assertThat(new TreeSet<>(database.ask("SELECT voter_id, post_id, direction FROM post_vote")))
                .isEqualTo(ofPosts)
                .isNotEmpty();
        assertThat(new TreeSet<>(database.ask("SELECT voter_id, comment_id, direction FROM comment_vote")))
                .isEqualTo(ofComments)
                .hasSizeGreaterThan(2);
        Map<String, JsonNode> clean = run(0, "verify", "discussions-likes.yaml");
        assertThat(DiscussionsMove.ends(clean, "post_vote"))
                .contains("matched " + ofPosts.size())
                .doesNotContain("mis", "unexpected", "unverifiable");
        assertThat(DiscussionsMove.ends(clean, "comment_vote"))
                .contains("matched " + ofComments.size())
                .doesNotContain("mis", "unexpected", "unverifiable");

        // One turned round, one lost, and one that nobody has cast.
        String none = database.ask("SELECT id FROM post p WHERE NOT EXISTS (SELECT FROM post_vote"
                        + " WHERE post_id = p.id AND voter_id = 2) ORDER BY 1 LIMIT 1")
                .get(0);
        database.run(
                "UPDATE comment_vote SET direction = -direction WHERE (voter_id, comment_id) IN"
                        + " (SELECT voter_id, comment_id FROM comment_vote ORDER BY 1, 2 LIMIT 1)",
                "DELETE FROM comment_vote WHERE (voter_id, comment_id) IN"
                        + " (SELECT voter_id, comment_id FROM comment_vote ORDER BY 1 DESC, 2 DESC LIMIT 1)",
                "INSERT INTO post_vote VALUES (" + none + ", 2, 1)");
        Map<String, JsonNode> found = run(1, "verify", "discussions-likes.yaml");
        assertThat(DiscussionsMove.ends(found, "post_vote"))
                .contains("unexpected 1")
                .doesNotContain("mis");
        assertThat(DiscussionsMove.ends(found, "comment_vote")).contains("mismatched 1", "missing 1");
    }
}
