package dev.backpop.legacy.reddit.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.legacy.LegacyHeldException;
import dev.backpop.legacy.LegacyOverloadedException;
import dev.backpop.legacy.LegacyUnavailableException;
import dev.backpop.legacy.OwnAccess;
import dev.backpop.plan.RedditLogin;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedditClientTest {
    private static final RedditLogin APPLICATION = new RedditLogin.Application("client", ScriptedServer.SECRET);
    private static final RedditLogin REFRESH =
            new RedditLogin.RefreshToken("client", ScriptedServer.SECRET, "refresh-0");
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    /** As {@link ScriptedServer#source} has it. */
    private static final int IN_FLIGHT = 8;

    private final List<Integer> pauses = new ArrayList<>();
    private final OwnAccess access = new OwnAccess(System::nanoTime);
    private ScriptedServer server;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private RedditClient client(RedditLogin login) {
        return client(login, TIMEOUT);
    }

    private RedditClient client(RedditLogin login, Duration timeout) {
        return RedditClient.of(server.source(login, timeout), access, pauses::add);
    }

    private Answer info() {
        return client(APPLICATION).get("/api/info", Map.of("id", "t3_1,t3_2"));
    }

    @Test
    void a_request_says_who_asks_with_what_right_and_wants_raw_text_packed() {
        info();

        ScriptedServer.Asked asked = server.askedForData().get(0);
        assertThat(asked.address()).startsWith("/api/info?").contains("id=t3_1%2Ct3_2", "raw_json=1");
        assertThat(asked.headers())
                .containsEntry("User-agent", "linux:backpop-test:1 (by /u/tester)")
                .containsEntry("Authorization", "bearer token-1")
                .containsEntry("Accept-encoding", "gzip");
    }

    @Test
    void json_is_found_with_its_numbers_as_they_are_written() {
        server.then(200, "{\"kind\":\"t3\",\"data\":{\"created_utc\":1345107919.10}}");

        assertThat(info())
                .isInstanceOfSatisfying(
                        Answer.Found.class,
                        found -> assertThat(found.body()
                                        .path("data")
                                        .path("created_utc")
                                        .decimalValue())
                                .isEqualTo(new BigDecimal("1345107919.10")));
    }

    @Test
    void packed_answers_are_unpacked() {
        server.then(exchange -> {
            byte[] bytes = ScriptedServer.gzip("{\"kind\":\"t3\",\"data\":{\"title\":\"été\"}}");
            exchange.getResponseHeaders().add("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });

        assertThat(info())
                .isInstanceOfSatisfying(
                        Answer.Found.class,
                        found -> assertThat(
                                        found.body().path("data").path("title").asString())
                                .isEqualTo("été"));
    }

    @Test
    void a_form_is_posted_and_raw_text_wanted_all_the_same() {
        server.then(200, "{\"json\":{\"errors\":[],\"data\":{\"things\":[]}}}");

        Answer answer = client(APPLICATION).post("/api/morechildren", Map.of("children", "a,b"));

        assertThat(answer).isInstanceOf(Answer.Found.class);
        ScriptedServer.Asked asked = server.askedForData().get(0);
        assertThat(asked.method()).isEqualTo("POST");
        assertThat(asked.address()).isEqualTo("/api/morechildren?raw_json=1");
        assertThat(asked.body()).isEqualTo("children=a%2Cb");
    }

    @Test
    void of_morechildren_one_is_under_way_at_a_time() {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        server.then(exchange -> {
            entered.countDown();
            await(leave);
            ScriptedServer.reply(exchange, 200, "{\"json\":{\"errors\":[]}}");
        });
        RedditClient one = client(APPLICATION);
        var first = CompletableFuture.supplyAsync(() -> one.post("/api/morechildren", Map.of("children", "a")));
        await(entered);
        var second = CompletableFuture.supplyAsync(() -> one.post("/api/morechildren", Map.of("children", "b")));
        // Others pass it by.
        assertThat(one.get("/api/info", Map.of())).isInstanceOf(Answer.Found.class);
        assertThat(second).isNotDone();
        assertThat(server.askedForData()).hasSize(2);

        leave.countDown();

        assertThat(Stream.of(first, second).map(CompletableFuture::join)).hasOnlyElementsOfType(Answer.Found.class);
    }

    @Test
    void many_callers_have_no_more_requests_under_way_than_the_plan_lets_them() {
        AtomicInteger arrived = new AtomicInteger();
        CountDownLatch over = new CountDownLatch(1);
        for (int i = 0; i < 3 * IN_FLIGHT; i++) {
            server.then(exchange -> {
                arrived.incrementAndGet();
                await(over);
                ScriptedServer.reply(exchange, 200, "{}");
            });
        }

        List<CompletableFuture<Answer>> answers = asked(client(APPLICATION), 3 * IN_FLIGHT);

        Awaitility.await().during(Duration.ofMillis(300)).until(() -> arrived.get() == IN_FLIGHT);
        over.countDown();
        assertThat(answers.stream().map(CompletableFuture::join)).hasOnlyElementsOfType(Answer.Found.class);
        assertThat(arrived).hasValue(3 * IN_FLIGHT);
    }

    @Test
    void whoever_waits_to_ask_again_keeps_nobody_else_from_asking() {
        CountDownLatch pausing = new CountDownLatch(IN_FLIGHT);
        CountDownLatch over = new CountDownLatch(1);
        for (int i = 0; i < IN_FLIGHT; i++) {
            server.then(503, "");
        }
        RedditClient one = RedditClient.of(server.source(APPLICATION, TIMEOUT), access, retry -> {
            pausing.countDown();
            await(over);
        });
        List<CompletableFuture<Answer>> again = asked(one, IN_FLIGHT);
        await(pausing);

        assertThat(asked(one, 1).get(0)).succeedsWithin(TIMEOUT).isInstanceOf(Answer.Found.class);

        over.countDown();
        assertThat(again.stream().map(CompletableFuture::join)).hasOnlyElementsOfType(Answer.Found.class);
    }

    private static List<CompletableFuture<Answer>> asked(RedditClient client, int times) {
        return IntStream.range(0, times)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> client.get("/api/info", Map.of()), task -> new Thread(task).start()))
                .toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void what_is_not_there_is_absent_with_what_the_server_said() {
        server.then(404, "{\"message\": \"Not Found\", \"error\": 404}")
                .then(404, "")
                .then(404, "{\"reason\":\"banned\",\"message\":\"Not Found\",\"error\":404}")
                .then(302, "<html>Found</html>", "Location", server.url() + "/subreddits/search?q=nosuch")
                .then(200, "{\"error\":404}");

        assertThat(IntStream.range(0, 5).mapToObj(i -> info()))
                .containsExactly(
                        new Answer.Absent("404 Not Found"),
                        new Answer.Absent("404 Not Found"),
                        new Answer.Absent("404 banned"),
                        new Answer.Absent("302 to search"),
                        new Answer.Absent("200 with error 404 Not Found"));
    }

    @Test
    void what_may_not_be_seen_is_forbidden_with_the_reason() {
        server.then(403, "{\"message\": \"Forbidden\", \"error\": 403}")
                .then(403, "{\"reason\":\"private\",\"message\":\"Forbidden\",\"error\":403}")
                .then(403, "{\"error\":403}")
                .then(451, "");

        assertThat(IntStream.range(0, 4).mapToObj(i -> info()))
                .containsExactly(
                        new Answer.Forbidden("403 Forbidden"),
                        new Answer.Forbidden("403 private"),
                        new Answer.Forbidden("403 Forbidden"),
                        new Answer.Forbidden("451 Unavailable For Legal Reasons"));
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504, 520, 522})
    void a_fault_that_may_pass_is_asked_again_twice(int status) {
        server.then(status, "", "Retry-After", "0").then(status, "", "Retry-After", "0");
        assertThat(info()).isInstanceOf(Answer.Found.class);
        assertThat(pauses).containsExactly(1, 2);

        for (int i = 0; i < 3; i++) {
            server.then(status, "{\"message\":\"no\"}", "Retry-After", "0");
        }
        assertThatThrownBy(this::info)
                .isInstanceOf(LegacyUnavailableException.class)
                .hasMessageContaining("answered " + status)
                .hasMessageContaining("GET /api/info")
                .hasMessageContaining(server.url().getAuthority());
        assertThat(server.askedForData()).hasSize(6);
    }

    @Test
    void pages_for_people_and_cut_answers_are_asked_again_and_never_called_absent() {
        String page = "<html>busy</html>";
        for (Runnable answer : List.<Runnable>of(
                () -> server.then(200, page, "Content-Type", "text/html"),
                () -> server.then(200, ""),
                () -> server.then(404, page),
                () -> server.then(403, page),
                () -> server.then(200, "{\"kind\":\"Listing\",\"data\":{\"chil"),
                () -> server.then(exchange -> {
                    exchange.sendResponseHeaders(200, 1_000);
                    exchange.getResponseBody().write("{\"kind\":".getBytes(UTF_8));
                    exchange.getResponseBody().flush();
                    exchange.close();
                }))) {
            int before = server.askedForData().size();
            IntStream.range(0, 3).forEach(i -> answer.run());
            assertThatThrownBy(this::info).isInstanceOf(LegacyUnavailableException.class);
            assertThat(server.askedForData()).hasSize(before + 3);
        }
    }

    @Test
    @Timeout(25)
    void an_answer_that_takes_too_long_is_given_up_also_in_its_middle() {
        CountDownLatch over = new CountDownLatch(1);
        for (int i = 0; i < 3; i++) {
            server.then(exchange -> {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write("{".getBytes(UTF_8));
                exchange.getResponseBody().flush();
                await(over);
                exchange.close();
            });
        }
        try {
            RedditClient impatient = client(APPLICATION, Duration.ofMillis(700));
            assertThatThrownBy(() -> impatient.get("/api/info", Map.of()))
                    .isInstanceOf(LegacyUnavailableException.class)
                    .hasMessageContaining("no whole answer within 700 ms");
        } finally {
            over.countDown();
        }
    }

    @Test
    void an_answer_that_is_too_large_is_given_up_packed_or_not() throws IOException {
        String large = "\"" + "a".repeat(5_000) + "\"";
        server.then(200, large).then(exchange -> {
            byte[] bytes = ScriptedServer.gzip(large);
            exchange.getResponseHeaders().add("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        Exchange exchange = new Exchange(TIMEOUT, "test", 4_000);

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> exchange.read(
                            exchange.send(exchange.request(server.url()).GET().build())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("an answer of more than 4000 bytes");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {413, 414})
    void too_much_at_once_is_said_to_be_so(int status) {
        server.then(status, "<html>too large</html>");

        assertThatThrownBy(this::info).isInstanceOf(LegacyOverloadedException.class);
        assertThat(server.askedForData()).hasSize(1);
    }

    @Test
    void errors_in_answers_that_are_fine_by_their_status_are_errors() {
        server.then(200, "{\"json\":{\"errors\":[[\"TOO_MANY_THING_IDS\",\"too many\",\"id\"]]}}")
                .then(200, "{\"json\":{\"errors\":[[\"RATELIMIT\",\"wait\",\"ratelimit\"]],\"ratelimit\":0.01}}")
                .then(200, "{\"kind\":\"Listing\",\"data\":{}}")
                .then(200, "{\"json\":{\"errors\":[[\"SOMETHING_ELSE\",\"…\",null]]}}");

        assertThatThrownBy(this::info)
                .isInstanceOf(LegacyOverloadedException.class)
                .hasMessageContaining("TOO_MANY_THING_IDS");
        assertThat(info()).isInstanceOf(Answer.Found.class);
        assertThat(server.askedForData()).hasSize(3);
        assertThatThrownBy(this::info)
                .isInstanceOf(LegacyUnavailableException.class)
                .hasMessageContaining("SOMETHING_ELSE");
    }

    @Test
    void nobody_follows_where_a_server_sends() {
        server.then(302, "", "Location", server.url() + "/elsewhere");

        assertThatThrownBy(this::info)
                .isInstanceOf(LegacyUnavailableException.class)
                .hasMessageContaining("302")
                .hasMessageContaining("legacy.reddit.url");
        assertThat(server.askedForData()).hasSize(1);
    }

    @Test
    void each_login_asks_for_its_token_as_the_server_wants_it() {
        client(REFRESH).get("/new", Map.of());
        client(new RedditLogin.Password("client", ScriptedServer.SECRET, "ann", "pass word", "123456"))
                .get("/new", Map.of());
        client(APPLICATION).get("/new", Map.of());

        assertThat(server.askedForTokens())
                .extracting(ScriptedServer.Asked::body)
                .containsExactly(
                        "grant_type=refresh_token&refresh_token=refresh-0",
                        "grant_type=password&username=ann&password=pass+word%3A123456",
                        "grant_type=client_credentials");
        String basic = Base64.getEncoder().encodeToString(("client:" + ScriptedServer.SECRET).getBytes(UTF_8));
        assertThat(server.askedForTokens())
                .allSatisfy(asked -> assertThat(asked.headers())
                        .containsEntry("Authorization", "Basic " + basic)
                        .containsEntry("User-agent", "linux:backpop-test:1 (by /u/tester)"));
    }

    @Test
    void a_token_is_asked_for_once_for_all_that_share_it() {
        List<CompletableFuture<Answer>> answers = IntStream.range(0, 12)
                .mapToObj(i -> client(APPLICATION))
                .map(one -> CompletableFuture.supplyAsync(() -> one.get("/new", Map.of())))
                .toList();

        assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isInstanceOf(Answer.Found.class));
        assertThat(server.askedForTokens()).hasSize(1);
    }

    @Test
    void a_token_that_is_refused_is_renewed_once() {
        server.then(401, "{\"message\":\"Unauthorized\",\"error\":401}");
        assertThat(info()).isInstanceOf(Answer.Found.class);
        assertThat(server.askedForData())
                .extracting(asked -> asked.headers().get("Authorization"))
                .containsExactly("bearer token-1", "bearer token-2");

        server.then(401, "").then(401, "");
        assertThatThrownBy(this::info)
                .isInstanceOf(LegacyUnavailableException.class)
                .hasMessageContaining("refuses a token");
        assertThat(server.askedForData()).hasSize(4);
    }

    @Test
    void a_new_refresh_token_takes_the_place_of_the_plans() {
        server.thenToken(200, "{\"access_token\":\"a\",\"expires_in\":3600,\"refresh_token\":\"refresh-1\"}")
                .then(401, "");

        client(REFRESH).get("/new", Map.of());

        assertThat(server.askedForTokens().get(1).body()).contains("refresh_token=refresh-1");

        // One that is not good any more is no reason to forget the plan's own.
        server.then(401, "").thenToken(400, "{\"error\":\"invalid_grant\"}");
        client(REFRESH).get("/new", Map.of());
        assertThat(server.askedForTokens().get(3).body()).contains("refresh_token=refresh-0");
    }

    @Test
    void a_refused_login_holds_with_its_reason_and_is_not_tried_again_at_once() {
        server.thenToken(200, "{\"error\":\"invalid_grant\"}");
        RedditLogin login = new RedditLogin.Password("client", ScriptedServer.SECRET, "ann", "pass-word", null);

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> client(login).get("/new", Map.of()))
                    .isInstanceOf(LegacyHeldException.class)
                    .hasMessageContaining("invalid_grant")
                    .hasMessageContaining("legacy.reddit.client_id")
                    .hasMessageNotContaining("pass-word")
                    .hasMessageNotContaining(ScriptedServer.SECRET);
        }

        assertThat(server.askedForTokens()).hasSize(1);
        assertThat(server.askedForData()).isEmpty();
    }

    @Test
    void a_wrong_client_is_told_from_a_server_that_is_down() {
        server.thenToken(401, "");
        assertThatThrownBy(() -> client(REFRESH).get("/new", Map.of()))
                .isInstanceOf(LegacyHeldException.class)
                .hasMessageContaining("wrong client_id or client_secret");

        server.thenToken(503, "").thenToken(200, "<html>");
        assertThat(info()).isInstanceOf(Answer.Found.class);
        assertThat(pauses).containsExactly(1, 2);
    }

    @Test
    void what_processes_leave_for_each_other_is_read_by_the_same_login_alone() {
        Seal seal = new Seal(REFRESH);
        String sealed = seal.close("token-text");

        assertThat(sealed).doesNotContain("token-text");
        assertThat(new Seal(REFRESH).open(sealed)).contains("token-text");
        assertThat(new Seal(REFRESH).name()).isEqualTo(seal.name());
        assertThat(new Seal(APPLICATION).open(sealed)).isEmpty();
        assertThat(new Seal(APPLICATION).name()).isNotEqualTo(seal.name());
        assertThat(seal.open("nonsense")).isEmpty();
    }

    @Test
    void a_server_that_is_not_there_is_unavailable() {
        RedditClient client = client(APPLICATION);
        server.close();

        assertThatThrownBy(() -> client.get("/new", Map.of()))
                .isInstanceOf(LegacyUnavailableException.class)
                .hasMessageContaining("gave no token");
    }
}
