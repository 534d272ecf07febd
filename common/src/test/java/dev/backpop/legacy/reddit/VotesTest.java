package dev.backpop.legacy.reddit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.legacy.FailedRow.Kind;
import dev.backpop.legacy.LegacyEntity;
import dev.backpop.legacy.LegacyHeldException;
import dev.backpop.plan.From;
import dev.backpop.plan.LegacySource;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.standin.Fault;
import dev.backpop.standin.GeneratedOptions;
import dev.backpop.standin.GeneratedThings;
import dev.backpop.standin.Misbehaviour;
import dev.backpop.standin.StandIn;
import dev.backpop.standin.StandInOptions;
import dev.backpop.standin.StandInVotes;
import dev.backpop.testing.Database;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class VotesTest {
    private static final From.Thing POST_VOTES = From.Thing.POST_VOTES;
    private static final From.Thing COMMENT_VOTES = From.Thing.COMMENT_VOTES;
    private static final long POSTS = 230;
    private static final Map<String, String> LEFT_OUT = Map.of(
            "left_out_post", "SELECT id FROM post WHERE id = :id",
            "left_out_comment", "SELECT post_id FROM comment WHERE id = :id");
    private static final String MINTED = "SELECT id, username, NULL AS refresh_token FROM auth_user";

    private final GeneratedThings things =
            new GeneratedThings(GeneratedOptions.of(POSTS).withClosed(0.05).withModerated(1));
    private StandIn server;
    private Database database;

    @BeforeEach
    void start() throws SQLException {
        server = StandIn.start(StandInOptions.of(things));
        database = Database.with(
                "CREATE TABLE auth_user (id int, username text, token text)",
                "CREATE TABLE post (id bigint)",
                "CREATE TABLE comment (id bigint, post_id bigint)",
                "INSERT INTO auth_user VALUES (3, 'Ann'), (7, 'bob'), (12, 'carol')");
        List<String> comments = new ArrayList<>(List.of("(0, 0)"));
        things.newestComments().forEach(id -> {
            JsonNode comment = thing(From.Thing.COMMENTS, id);
            if (!isClosed(comment)) {
                comments.add("(" + id + ", "
                        + ThingId.number(
                                From.Thing.POSTS, comment.path("link_id").asString()) + ")");
            }
        });
        database.run(
                "INSERT INTO post SELECT generate_series(1, " + POSTS + ")",
                "INSERT INTO comment VALUES " + String.join(", ", comments));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private JsonNode thing(From.Thing kind, long id) {
        JsonNode found = kind == From.Thing.POSTS ? things.post(id) : things.comment(id);
        return found == null ? tools.jackson.databind.node.MissingNode.getInstance() : found;
    }

    private boolean isClosed(JsonNode data) {
        String channel = data.path("subreddit_id").asString("");
        return !channel.isEmpty() && things.isClosed(ThingId.number(From.Thing.CHANNELS, channel));
    }

    private LegacySource.Jdbc application() {
        return new LegacySource.Jdbc(database.url(), "postgres", null);
    }

    private Moved moved(String query, boolean minted, Map<String, String> lookups) {
        return new Moved(
                server,
                new LegacySource.Lookups(application(), lookups),
                new LegacySource.Voters(application(), query, minted ? "stand-in-key" : null));
    }

    /** What each voter has said of each thing that may be moved, as the server's function has it. */
    private Map<Key, String> truth(From.Thing vote, Map<Long, String> voters) {
        From.Thing kind = vote == POST_VOTES ? From.Thing.POSTS : From.Thing.COMMENTS;
        Map<Key, String> truth = new LinkedHashMap<>();
        var ids = kind == From.Thing.POSTS ? things.posts() : things.newestComments();
        ids.sorted().forEach(id -> {
            JsonNode data = thing(kind, id);
            boolean moved = !isClosed(data)
                    && !data.path("subreddit").asString("").startsWith("u_")
                    && (kind == From.Thing.COMMENTS || !data.path("promoted").asBoolean(false));
            voters.forEach((number, name) -> {
                Boolean likes = StandInVotes.likes(things, name, kind.kind(), id);
                if (moved && likes != null) {
                    truth.put(Groups.key(number, id), likes ? "1" : "-1");
                }
            });
        });
        return truth;
    }

    private static Map<Key, String> directions(Moved.Found found) {
        Map<Key, String> directions = new LinkedHashMap<>();
        found.rows().forEach((key, row) -> directions.put(key, String.valueOf(row.get("direction"))));
        return directions;
    }

    @Test
    void every_voter_s_votes_come_with_tokens_that_the_plugin_gives_out() {
        try (Moved moved = moved(MINTED, true, LEFT_OUT)) {
            LegacyEntity entity = moved.open(POST_VOTES);

            Moved.Found found = moved.fetch(entity, POST_VOTES, Moved.all());

            assertThat(directions(found))
                    .isEqualTo(truth(POST_VOTES, Map.of(3L, "Ann", 7L, "bob", 12L, "carol")))
                    .hasSizeGreaterThan(100)
                    .containsValues("1", "-1");
            assertThat(moved.expect(entity, POST_VOTES, Moved.all()).rows()).isEqualTo(found.rows());
        }
    }

    @Test
    void votes_on_comments_come_of_those_too_that_were_deleted_or_removed() {
        Key last = Groups.key(3, 5_000);
        try (Moved moved = moved(MINTED + " WHERE id = 3", true, LEFT_OUT)) {
            LegacyEntity entity = moved.open(COMMENT_VOTES);

            Moved.Found found = moved.fetch(entity, COMMENT_VOTES, new KeySelection.Range(null, null, last));

            Map<Key, String> truth = truth(COMMENT_VOTES, Map.of(3L, "Ann"));
            truth.keySet().removeIf(key -> Groups.member(key) > 5_000);
            assertThat(directions(found)).isEqualTo(truth).isNotEmpty();
            assertThat(truth.keySet()).anyMatch(key -> !StandInVotes.isListed(things, "t1", Groups.member(key)));
        }
    }

    @Test
    void what_info_leaves_out_is_asked_for_alone_and_costs_no_vote() {
        try (Moved moved = moved(MINTED, true, LEFT_OUT)) {
            LegacyEntity entity = moved.open(POST_VOTES);
            server.misbehave(Fault.of(Misbehaviour.DROPPED_IDS).withShare(0.5));

            Moved.Found found = moved.fetch(entity, POST_VOTES, Moved.all());

            assertThat(directions(found)).isEqualTo(truth(POST_VOTES, Map.of(3L, "Ann", 7L, "bob", 12L, "carol")));
        }
    }

    @Test
    void keys_stand_for_a_voter_s_hundreds_and_ranges_of_them_divide_the_votes() {
        try (Moved moved = moved(MINTED, true, LEFT_OUT)) {
            LegacyEntity entity = moved.open(POST_VOTES);
            long newest = Groups.member(entity.lastKey(null, null).orElseThrow());

            List<Key> keys = Moved.keys(entity);
            Map<Key, String> whole = directions(moved.fetch(entity, POST_VOTES, Moved.all()));
            Map<Key, String> parts = new LinkedHashMap<>();
            Key after = null;
            for (Key key : keys) {
                Moved.Found part = moved.fetch(entity, POST_VOTES, new KeySelection.Range(null, after, key));
                assertThat(part.rows().size()).isLessThanOrEqualTo(100);
                parts.putAll(directions(part));
                after = key;
            }

            assertThat(keys)
                    .containsExactly(
                            Groups.key(3, 100),
                            Groups.key(3, 200),
                            Groups.key(3, newest),
                            Groups.key(7, 100),
                            Groups.key(7, 200),
                            Groups.key(7, newest),
                            Groups.key(12, 100),
                            Groups.key(12, 200),
                            Groups.key(12, newest));
            assertThat(parts).isEqualTo(whole);
            assertThat(entity.estimatedKeys()).contains(9L);
            Key middle = Groups.key(7, 150);
            assertThat(entity.lastKey(null, middle)).contains(middle);
            List<Key> some = new ArrayList<>();
            entity.keys(Groups.key(3, 120), Groups.key(3, 200), middle, Long.MAX_VALUE, some::add);
            assertThat(some).containsExactly(Groups.key(3, newest), Groups.key(7, 100), middle);
        }
    }

    @Test
    void a_refused_token_is_one_failure_of_everything_of_that_voter_and_of_nobody_else() throws Exception {
        database.run(
                "UPDATE auth_user SET token = '" + token("Ann") + "' WHERE id = 3",
                "UPDATE auth_user SET token = 'taken-back' WHERE id = 7");
        try (Moved moved = moved("SELECT id, username, token AS refresh_token FROM auth_user", false, LEFT_OUT)) {
            LegacyEntity entity = moved.open(POST_VOTES);

            Moved.Found found = moved.fetch(entity, POST_VOTES, Moved.all());
            Moved.Found part = moved.fetch(
                    entity, POST_VOTES, new KeySelection.Range(null, Groups.key(7, 100), Groups.key(7, 200)));
            Moved.Found single = moved.expect(entity, POST_VOTES, new KeySelection.Keys(List.of(Groups.key(7, 5))));

            assertThat(directions(found)).isEqualTo(truth(POST_VOTES, Map.of(3L, "Ann")));
            assertThat(found.failed()).containsKeys(Groups.whole(7), Groups.whole(12));
            assertThat(found.reasons(Kind.FORBIDDEN).keySet())
                    .anySatisfy(
                            reason -> assertThat(reason).isEqualTo("forbidden: the token of voter 7 (bob) is refused"));
            assertThat(found.failed().toString())
                    .contains("there is no token of voter 12")
                    .doesNotContain("taken-back");
            assertThat(part.failed()).containsOnlyKeys(Groups.whole(7));
            assertThat(single.failed()).containsOnlyKeys(Groups.key(7, 5));
            assertThat(single.of(Kind.FORBIDDEN)).isEqualTo(1);

            database.run("UPDATE auth_user SET token = '" + token("bob") + "' WHERE id = 7");
            Moved.Found again = moved.fetch(entity, POST_VOTES, new KeySelection.Keys(List.of(Groups.whole(7))));
            assertThat(directions(again)).isEqualTo(truth(POST_VOTES, Map.of(7L, "bob")));
        }
    }

    @Test
    void a_wrong_access_key_holds_and_is_no_failure_of_a_voter() {
        LegacySource.Voters voters = new LegacySource.Voters(application(), MINTED, "not-the-key");
        try (Moved moved = new Moved(server, new LegacySource.Lookups(application(), LEFT_OUT), voters)) {
            assertThatThrownBy(() -> moved.open(POST_VOTES).fetch(Moved.all(), rows -> {}))
                    .isInstanceOf(LegacyHeldException.class)
                    .hasMessageContaining("legacy.reddit.voters.access_key")
                    .hasMessageNotContaining("not-the-key");
        }
    }

    @Test
    void a_token_of_somebody_else_reads_no_votes() throws Exception {
        database.run("UPDATE auth_user SET token = '" + token("bob") + "'");
        try (Moved moved = moved("SELECT id, username, token AS refresh_token FROM auth_user", false, LEFT_OUT)) {
            Moved.Found found = moved.fetch(moved.open(POST_VOTES), POST_VOTES, Moved.all());

            assertThat(directions(found)).isEqualTo(truth(POST_VOTES, Map.of(7L, "bob")));
            assertThat(found.reasons(Kind.FORBIDDEN))
                    .containsKey("forbidden: the token of voter 3 (Ann) is one of bob");
        }
    }

    @Test
    void a_thing_that_its_voter_may_not_see_is_counted_and_never_called_gone() {
        // Without a lookup everything that is left out is asked for, that which is closed to all as well.
        try (Moved moved = moved(MINTED, true, Map.of())) {
            LegacyEntity entity = moved.open(POST_VOTES);
            long closed = things.posts()
                    .filter(id -> isClosed(thing(From.Thing.POSTS, id)))
                    .filter(id -> id <= Groups.member(entity.lastKey(null, null).orElseThrow()))
                    .findFirst()
                    .orElseThrow();

            Moved.Found found = moved.fetch(entity, POST_VOTES, Moved.all());
            Moved.Found single =
                    moved.expect(entity, POST_VOTES, new KeySelection.Keys(List.of(Groups.key(3, closed))));

            assertThat(directions(found)).isEqualTo(truth(POST_VOTES, Map.of(3L, "Ann", 7L, "bob", 12L, "carol")));
            assertThat(found.reasons(Kind.EXCLUDED)).containsKey("not visible to the voter");
            assertThat(found.failed()).containsKey(Groups.key(3, closed));
            assertThat(single.of(Kind.FORBIDDEN)).isEqualTo(1);
        }
    }

    @Test
    void a_list_says_of_each_key_what_is_there() {
        try (Moved moved = moved(MINTED, true, LEFT_OUT)) {
            LegacyEntity entity = moved.open(POST_VOTES);
            Map<Key, String> truth = truth(POST_VOTES, Map.of(3L, "Ann"));
            Key one = truth.keySet().iterator().next();
            Key none = things.posts()
                    .filter(id -> !isClosed(thing(From.Thing.POSTS, id)))
                    .mapToObj(id -> Groups.key(3, id))
                    .filter(key -> !truth.containsKey(key))
                    .findFirst()
                    .orElseThrow();
            Key stranger = Groups.key(99, 1);

            Moved.Found found = moved.fetch(entity, POST_VOTES, new KeySelection.Keys(List.of(one, none, stranger)));

            assertThat(found.rows()).containsOnlyKeys(one);
            assertThat(RedditLegacyTest.kinds(found)).isEqualTo(Map.of(none, Kind.ABSENT, stranger, Kind.FORBIDDEN));
        }
    }

    @Test
    void a_plan_that_cannot_read_votes_is_refused() {
        try (Moved moved =
                new Moved(server, new LegacySource.Lookups(application(), Map.of()), LegacySource.Voters.NONE)) {
            assertThatThrownBy(() -> moved.open(POST_VOTES))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("legacy.reddit.voters");
        }
        try (Moved moved = moved("SELECT id FROM auth_user", true, LEFT_OUT)) {
            assertThatThrownBy(() -> moved.open(POST_VOTES))
                    .hasMessageContaining("must give id, username and refresh_token");
        }
        try (Moved moved = moved(MINTED, true, Map.of())) {
            assertThatThrownBy(() -> moved.open(COMMENT_VOTES)).hasMessageContaining("left_out_comment");
        }
    }

    private String token(String user) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create(server.url() + "/api/v1/generate_refresh_token?username=" + user))
                                .header("User-Agent", "test:backpop:1")
                                .header("X-Access-Token", "stand-in-key")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return JsonMapper.shared().readTree(answer.body()).path("refresh_token").asString();
    }
}
