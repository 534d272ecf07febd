package dev.backpop.standin;

import static dev.backpop.standin.Caller.json;
import static dev.backpop.standin.Caller.names;
import static dev.backpop.standin.Caller.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class StandInTest {
    private static final long POSTS = 5_000;
    private static final GeneratedOptions ODD = GeneratedOptions.of(POSTS);
    private static final GeneratedOptions PLAIN = ODD.withPlain(true).withDensity(1);

    private static StandInOptions options(GeneratedOptions generated) {
        return StandInOptions.of(new GeneratedThings(generated));
    }

    private static String ids(long first, int count) {
        return LongStream.range(first, first + count)
                .mapToObj(id -> "t3_" + Fullname.text(id))
                .collect(Collectors.joining(","));
    }

    @Test
    void tokens_are_given_for_every_grant_and_errors_come_with_200() {
        Account account = Account.standard().withOneTimeCode("123456");
        try (StandIn standIn = StandIn.start(options(PLAIN).withAccount(account))) {
            Caller caller = new Caller(standIn);
            Map<String, String> refresh = Map.of("grant_type", "refresh_token", "refresh_token", "stand-in-refresh");
            Map<String, String> password =
                    Map.of("grant_type", "password", "username", "mover", "password", "mover-password:123456");

            for (Map<String, String> grant : List.of(refresh, password, Map.of("grant_type", "client_credentials"))) {
                JsonNode answer = json(caller.token(grant));
                assertThat(answer.path("expires_in").asInt(0)).isEqualTo(3_600);
                assertThat(answer.path("token_type").asString("")).isEqualTo("bearer");
                assertThat(caller.with(answer.path("access_token").asString(""))
                                .get("/new")
                                .statusCode())
                        .isEqualTo(200);
            }

            for (Map<String, String> wrong : List.of(
                    Map.of("grant_type", "refresh_token", "refresh_token", "other"),
                    Map.of("grant_type", "password", "username", "mover", "password", "mover-password"))) {
                HttpResponse<byte[]> answer = caller.token(wrong);
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(text(answer)).isEqualTo("{\"error\":\"invalid_grant\"}");
            }
            assertThat(text(caller.token(Map.of("grant_type", "other")))).contains("unsupported_grant_type");
            assertThat(caller.token("/api/v1/access_token", refresh, "wrong").statusCode())
                    .isEqualTo(401);
            assertThat(standIn.statistics().tokens()).isEqualTo(3);
        }
    }

    @Test
    void a_token_ends_with_its_life_by_being_revoked_and_when_told_to() {
        AtomicLong now = new AtomicLong(5);
        Account account = Account.standard().withTokenLife(Duration.ofSeconds(10));
        try (StandIn standIn = StandIn.start(options(PLAIN).withAccount(account).withNanoTime(now::get))) {
            Caller caller = Caller.loggedIn(standIn);
            assertThat(caller.get("/new").statusCode()).isEqualTo(200);
            now.addAndGet(Duration.ofSeconds(10).toNanos());
            HttpResponse<byte[]> late = caller.get("/new");
            assertThat(late.statusCode()).isEqualTo(401);
            assertThat(text(late)).isEqualTo("{\"message\":\"Unauthorized\",\"error\":401}");

            Caller second = new Caller(standIn);
            String token = json(second.token(Map.of("grant_type", "client_credentials")))
                    .path("access_token")
                    .asString("");
            assertThat(second.with(token).get("/new").statusCode()).isEqualTo(200);
            assertThat(second.token("/api/v1/revoke_token", Map.of("token", token), account.clientSecret())
                            .statusCode())
                    .isEqualTo(204);
            assertThat(second.get("/new").statusCode()).isEqualTo(401);

            Caller third = Caller.loggedIn(standIn);
            standIn.expireTokens();
            assertThat(third.get("/new").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void a_refresh_token_may_be_replaced_and_the_old_one_is_void() {
        Account account = Account.standard().withReplacedRefreshTokens();
        try (StandIn standIn = StandIn.start(options(PLAIN).withAccount(account))) {
            Caller caller = new Caller(standIn);
            Map<String, String> first = Map.of("grant_type", "refresh_token", "refresh_token", "stand-in-refresh");
            String next = json(caller.token(first)).path("refresh_token").asString("");

            assertThat(text(caller.token(first))).contains("invalid_grant");
            assertThat(text(caller.token(Map.of("grant_type", "refresh_token", "refresh_token", next))))
                    .contains("access_token");
        }
    }

    @Test
    void info_keeps_the_order_and_says_nothing_of_what_is_absent_or_not_listed() {
        GeneratedThings things = new GeneratedThings(ODD);
        try (StandIn standIn = StandIn.start(StandInOptions.of(things))) {
            Caller caller = Caller.loggedIn(standIn);
            List<String> expected = new ArrayList<>();
            List<String> found = new ArrayList<>();
            List<String> leftOutButThere = new ArrayList<>();
            for (long first = 1; first <= 1_000; first += 100) {
                found.addAll(names(json(caller.get("/api/info?raw_json=1&id=" + ids(first, 100)))));
                for (long id = first; id < first + 100; id++) {
                    Fullname name = new Fullname(Fullname.POST, id);
                    JsonNode post = things.post(id);
                    Fullname channel = post == null
                            ? null
                            : Fullname.parse(post.path("subreddit_id").asString(""));
                    boolean isClosed = channel != null && things.isClosed(channel.id());
                    if (post != null && things.isListed(name) && !isClosed) {
                        expected.add(name.toString());
                    } else if (post != null && !isClosed) {
                        leftOutButThere.add(Fullname.text(id));
                    }
                }
            }

            assertThat(found).isEqualTo(expected).hasSizeBetween(850, 960);
            assertThat(leftOutButThere).hasSizeGreaterThan(20);
            for (String id : leftOutButThere) {
                JsonNode page = json(caller.get("/comments/" + id + "/?raw_json=1"));
                assertThat(names(page.get(0))).containsExactly("t3_" + id);
            }
            assertThat(names(json(caller.get("/api/info?id=t3_3,t5_2,t3_1,t9_1,nonsense"))))
                    .containsExactly("t3_3", "t5_2", "t3_1");
        }
    }

    @Test
    void more_than_a_hundred_ids_give_an_error_and_nothing() {
        try (StandIn standIn = StandIn.start(options(PLAIN))) {
            Caller caller = Caller.loggedIn(standIn);
            assertThat(names(json(caller.get("/api/info?id=" + ids(1, 100))))).hasSize(100);
            HttpResponse<byte[]> answer = caller.get("/api/info?id=" + ids(1, 101));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(text(answer)).contains("TOO_MANY_THING_IDS").doesNotContain("t3_");
        }
    }

    @Test
    void what_is_not_there_is_404_and_what_is_closed_is_403() {
        GeneratedThings things = new GeneratedThings(ODD);
        long closed = things.posts()
                .filter(id -> {
                    JsonNode post = things.post(id);
                    Fullname channel = post == null
                            ? null
                            : Fullname.parse(post.path("subreddit_id").asString(""));
                    return channel != null && things.isClosed(channel.id());
                })
                .findFirst()
                .orElseThrow();
        long absent = LongStream.range(1, POSTS)
                .filter(id -> things.post(id) == null)
                .findFirst()
                .orElseThrow();
        try (StandIn standIn = StandIn.start(StandInOptions.of(things))) {
            Caller caller = Caller.loggedIn(standIn);
            assertThat(text(caller.get("/comments/" + Fullname.text(closed))))
                    .isEqualTo("{\"message\":\"Forbidden\",\"error\":403}");
            for (String path :
                    List.of("/comments/" + Fullname.text(absent), "/comments/ZZ", "/comments/zzzzzz", "/x")) {
                HttpResponse<byte[]> answer = caller.get(path);
                assertThat(answer.statusCode()).isEqualTo(404);
                assertThat(text(answer)).isEqualTo("{\"message\":\"Not Found\",\"error\":404}");
                assertThat(answer.headers().map()).doesNotContainKey("x-ratelimit-remaining");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"best", "new", "old"})
    void a_large_tree_can_be_had_whole_twenty_comments_at_a_time(String sort) {
        int count = 2_000;
        GeneratedThings things = new GeneratedThings(PLAIN.withCommentCounts(Map.of(7L, count)));
        try (StandIn standIn = StandIn.start(StandInOptions.of(things).withChildrenPerCall(20))) {
            Caller.Comments all = Caller.loggedIn(standIn).comments("7", sort);

            assertThat(all.byName).hasSize(count);
            assertThat(all.mostAtOnce).isEqualTo(20);
            assertThat(all.announced).hasSizeGreaterThan(20).isSubsetOf(all.byName.keySet());
            all.byName.values().forEach(comment -> {
                Fullname parent = Fullname.parse(comment.path("parent_id").asString(""));
                assertThat(parent).isNotNull();
                assertThat(comment.path("parent_id").asString("").equals("t3_7")
                                || all.byName.containsKey(String.valueOf(parent)))
                        .isTrue();
            });
        }
    }

    @Test
    void a_chain_deeper_than_an_answer_goes_on_at_continue_this_thread() {
        GeneratedThings things = new GeneratedThings(PLAIN);
        long chain = things.posts()
                .filter(post -> depth(things.comments(post)) > 20)
                .findFirst()
                .orElseThrow();
        CommentTree tree = things.comments(chain);
        try (StandIn standIn = StandIn.start(StandInOptions.of(things))) {
            Caller.Comments all = Caller.loggedIn(standIn).comments(Fullname.text(chain), null);
            assertThat(all.byName).hasSize(tree.size());
            assertThat(all.continued).isGreaterThanOrEqualTo(2);
        }
    }

    private static int depth(CommentTree tree) {
        int deepest = 0;
        for (int comment = 0; comment < tree.size(); comment++) {
            int depth = 1;
            for (int above = tree.parent(comment); above != CommentTree.NONE; above = tree.parent(above)) {
                depth++;
            }
            deepest = Math.max(deepest, depth);
        }
        return deepest;
    }

    @Test
    void a_second_call_of_morechildren_at_once_is_refused_without_a_word_of_when_to_come_again() {
        GeneratedThings things = new GeneratedThings(PLAIN.withCommentCounts(Map.of(7L, 100)));
        try (StandIn standIn = StandIn.start(StandInOptions.of(things).withLatency(Duration.ofMillis(300)))) {
            Caller caller = Caller.loggedIn(standIn);
            Map<String, String> form = Map.of(
                    "link_id",
                    "t3_7",
                    "children",
                    Fullname.text(things.comments(7).id(0)));
            List<CompletableFuture<HttpResponse<byte[]>>> calls = IntStream.range(0, 4)
                    .mapToObj(i -> caller.postLater("/api/morechildren", form))
                    .toList();

            List<HttpResponse<byte[]>> answers =
                    calls.stream().map(CompletableFuture::join).toList();
            assertThat(answers.stream().map(HttpResponse::statusCode))
                    .containsOnlyOnce(200)
                    .contains(429);
            assertThat(answers.stream().filter(answer -> answer.statusCode() == 429))
                    .allSatisfy(answer -> assertThat(answer.headers().map()).doesNotContainKey("retry-after"));
            assertThat(standIn.statistics().concurrentChildren()).isEqualTo(3);
            assertThat(caller.post("/api/morechildren", form).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void lists_come_by_pages_of_25_up_to_a_thousand_and_an_unknown_cursor_gives_an_empty_one() {
        try (StandIn standIn = StandIn.start(options(PLAIN))) {
            Caller caller = Caller.loggedIn(standIn);
            List<String> all = new ArrayList<>();
            JsonNode page = json(caller.get("/new"));
            assertThat(names(page)).hasSize(25).startsWith("t3_" + Fullname.text(POSTS));
            while (!page.path("data").path("after").isNull()) {
                all.addAll(names(page));
                page = json(caller.get("/new?limit=100&after="
                        + page.path("data").path("after").asString("")));
            }
            all.addAll(names(page));
            assertThat(all).hasSize(1_000).doesNotHaveDuplicates();
            assertThat(all).last().isEqualTo("t3_" + Fullname.text(POSTS - 999));
            assertThat(names(json(caller.get("/new?limit=2&before=" + all.get(5)))))
                    .containsExactly(all.get(3), all.get(4));
            assertThat(names(json(caller.get("/new?after=t3_1")))).isEmpty();
            assertThat(names(json(caller.get("/new?limit=1024")))).hasSize(100);
            assertThat(names(json(caller.get("/comments")))).hasSize(25).allMatch(name -> name.startsWith("t1_"));
            assertThat(names(json(caller.get("/subreddits/new?limit=3")))).containsExactly("t5_2s", "t5_2r", "t5_2q");
            JsonNode ofChannel = json(caller.get("/r/CHANNEL_9/new.json?limit=10"));
            assertThat(ofChannel.path("data").path("children"))
                    .hasSize(10)
                    .allMatch(post ->
                            post.path("data").path("subreddit_id").asString("").equals("t5_9"));
        }
    }

    @Test
    void a_channel_is_told_of_by_name_looked_for_when_unknown_and_forbidden_when_closed() {
        GeneratedThings things = new GeneratedThings(ODD.withClosed(0.2).withModerated(0.5));
        long closed = things.channels().filter(things::isClosed).findFirst().orElseThrow();
        try (StandIn standIn = StandIn.start(StandInOptions.of(things))) {
            Caller caller = Caller.loggedIn(standIn);
            HttpResponse<byte[]> unknown = caller.get("/r/no_such/about/");
            assertThat(unknown.statusCode()).isEqualTo(302);
            assertThat(unknown.headers().firstValue("Location")).contains("/subreddits/search?q=no_such");
            assertThat(text(unknown)).startsWith("<!doctype html>");
            assertThat(caller.get("/r/channel_" + closed + "/about").statusCode())
                    .isEqualTo(403);

            int moderated = 0;
            for (long id : things.channels().filter(id -> !things.isClosed(id)).toArray()) {
                JsonNode channel = things.channel(id);
                String name =
                        channel == null ? "" : channel.path("display_name").asString("");
                JsonNode data = json(caller.get("/r/" + name + "/about")).path("data");
                boolean isModerator = data.path("user_is_moderator").asBoolean(false);
                HttpResponse<byte[]> moderators = caller.get("/r/" + name + "/about/moderators?user=mover");
                assertThat(moderators.statusCode()).isEqualTo(isModerator ? 200 : 403);
                if (isModerator) {
                    moderated++;
                    assertThat(text(moderators)).contains("\"kind\":\"UserList\"", "\"name\":\"mover\"");
                    JsonNode people = json(caller.get("/r/" + name + "/about/contributors?limit=100"));
                    assertThat(people.path("data").path("children").size())
                            .isEqualTo(Math.min(100, things.contributors(id).size()));
                }
            }
            assertThat(moderated).isBetween(20, 60);
        }
    }

    @Test
    void markup_is_escaped_unless_asked_for_raw() {
        GeneratedThings things = new GeneratedThings(PLAIN);
        try (StandIn standIn = StandIn.start(StandInOptions.of(things))) {
            Caller caller = Caller.loggedIn(standIn);
            long link = things.posts()
                    .filter(id -> !String.valueOf(things.post(id)).contains("\"is_self\":true"))
                    .findFirst()
                    .orElseThrow();
            String path = "/api/info?id=t3_" + Fullname.text(link);
            String address = "https://example.org/page?number=" + link + "&from=list";
            assertThat(text(caller.get(path + "&raw_json=1"))).contains("\"" + address + "\"");
            assertThat(text(caller.get(path))).contains("\"" + address.replace("&", "&amp;") + "\"");
        }
    }

    @Test
    void bodies_are_compressed_when_asked_for() throws IOException {
        try (StandIn standIn = StandIn.start(options(PLAIN))) {
            Caller caller = Caller.loggedIn(standIn);
            HttpResponse<byte[]> zipped = caller.send(caller.request("/new").setHeader("Accept-Encoding", "gzip"));
            assertThat(zipped.headers().firstValue("Content-Encoding")).contains("gzip");
            assertThat(Caller.unzipped(zipped.body()))
                    .isEqualTo(caller.get("/new").body());
        }
    }

    @Test
    void requests_are_counted_told_of_and_refused_beyond_the_allowance() {
        AtomicLong now = new AtomicLong(7);
        Allowance allowance = Allowance.parse("3/10s").orElseThrow();
        try (StandIn standIn =
                StandIn.start(options(PLAIN).withAllowance(allowance).withNanoTime(now::get))) {
            Caller caller = Caller.loggedIn(standIn);
            now.addAndGet(Duration.ofMillis(2_500).toNanos());
            for (int used = 1; used <= 3; used++) {
                HttpResponse<byte[]> answer = caller.get("/new");
                assertThat(answer.headers().firstValue("x-ratelimit-used")).contains(Integer.toString(used));
                assertThat(answer.headers().firstValue("x-ratelimit-remaining")).contains((3 - used) + ".0");
                assertThat(answer.headers().firstValue("x-ratelimit-reset")).contains("8");
            }
            HttpResponse<byte[]> refused = caller.get("/new");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After")).contains("8");
            assertThat(refused.headers().map()).doesNotContainKey("x-ratelimit-remaining");
            assertThat(standIn.statistics().overAllowance()).isEqualTo(1);
            assertThat(standIn.statistics().mostWithin(Duration.ofSeconds(10))).isEqualTo(4);

            now.addAndGet(Duration.ofMillis(7_500).toNanos());
            assertThat(caller.get("/new").statusCode()).isEqualTo(200);
            standIn.misbehave(Fault.of(Misbehaviour.WHOLE_RATE_HEADERS));
            assertThat(caller.get("/new").headers().firstValue("x-ratelimit-remaining"))
                    .contains("1");
            standIn.misbehave(Fault.of(Misbehaviour.NO_RATE_HEADERS));
            assertThat(caller.get("/new").headers().map()).doesNotContainKey("x-ratelimit-remaining");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Java-http-client/17.0.15", "Java/17.0.15", "Python-urllib/3.11", " "})
    void a_caller_without_a_name_is_refused(String agent) {
        try (StandIn standIn = StandIn.start(options(PLAIN))) {
            Caller caller = Caller.loggedIn(standIn);
            assertThat(caller.send(caller.request("/new").setHeader("User-Agent", agent))
                            .statusCode())
                    .isEqualTo(429);
        }
    }

    @Test
    void tokens_of_any_user_show_that_user_s_own_votes() {
        try (StandIn standIn = StandIn.start(options(PLAIN))) {
            List<List<String>> votes = new ArrayList<>();
            for (String user : List.of("one", "two", "one")) {
                Caller caller = new Caller(standIn);
                HttpResponse<byte[]> answer =
                        caller.send(caller.request("/api/v1/generate_refresh_token?username=" + user)
                                .setHeader("X-Access-Token", "stand-in-key"));
                caller.with(json(answer).path("access_token").asString(""));
                List<String> likes = new ArrayList<>();
                json(caller.get("/api/info?id=" + ids(1, 100)))
                        .path("data")
                        .path("children")
                        .forEach(post ->
                                likes.add(String.valueOf(post.path("data").path("likes"))));
                votes.add(likes);
            }
            assertThat(votes.get(0))
                    .isEqualTo(votes.get(2))
                    .isNotEqualTo(votes.get(1))
                    .contains("true", "false", "null");
            Caller stranger = new Caller(standIn);
            assertThat(stranger.get("/api/v1/generate_refresh_token?username=one")
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void sixty_four_requests_are_in_flight_at_once() {
        try (StandIn standIn = StandIn.start(options(PLAIN).withLatency(Duration.ofMillis(300)))) {
            Caller caller = Caller.loggedIn(standIn);
            List<CompletableFuture<HttpResponse<byte[]>>> calls = IntStream.range(0, 64)
                    .mapToObj(i -> caller.getLater("/api/info?id=t3_1"))
                    .toList();
            assertThat(calls.stream().map(CompletableFuture::join)).allMatch(answer -> answer.statusCode() == 200);
            assertThat(standIn.statistics().mostInFlight()).isGreaterThan(48);
            assertThat(standIn.statistics().requests()).containsEntry("/api/info", 64L);
        }
    }
}
