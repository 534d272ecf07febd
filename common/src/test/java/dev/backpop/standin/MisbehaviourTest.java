package dev.backpop.standin;

import static dev.backpop.standin.Caller.json;
import static dev.backpop.standin.Caller.names;
import static dev.backpop.standin.Caller.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class MisbehaviourTest {
    private static final String HUNDRED = "/api/info?id="
            + LongStream.rangeClosed(1, 100)
                    .mapToObj(id -> "t3_" + Fullname.text(id))
                    .collect(Collectors.joining(","));

    private final GeneratedThings things = new GeneratedThings(
            GeneratedOptions.of(1_000).withPlain(true).withDensity(1).withCommentCounts(Map.of(7L, 60)));
    private StandIn standIn;
    private Caller caller;

    @BeforeEach
    void start() {
        standIn = StandIn.start(StandInOptions.of(things));
        caller = Caller.loggedIn(standIn);
    }

    @AfterEach
    void stop() {
        standIn.close();
    }

    @Test
    void refuses_a_number_of_requests_with_and_without_a_time_to_come_again() {
        standIn.misbehave(
                Fault.of(Misbehaviour.TOO_MANY_REQUESTS).withRequests(1).withRetryAfter("7"));
        HttpResponse<byte[]> told = caller.get("/new");
        assertThat(told.statusCode()).isEqualTo(429);
        assertThat(told.headers().firstValue("Retry-After")).contains("7");
        assertThat(caller.get("/new").statusCode()).isEqualTo(200);

        standIn.misbehave(Fault.of(Misbehaviour.TOO_MANY_REQUESTS));
        HttpResponse<byte[]> untold = caller.get("/new");
        assertThat(untold.statusCode()).isEqualTo(429);
        assertThat(untold.headers().map()).doesNotContainKey("retry-after");
        standIn.behave();
        assertThat(caller.get("/new").statusCode()).isEqualTo(200);
    }

    @Test
    void fails_in_bursts_below_a_path_with_any_status() {
        standIn.misbehave(Fault.of(Misbehaviour.SERVER_ERROR)
                .withPath("/api/info")
                .withRequests(3)
                .withStatus(502));
        assertThat(caller.get("/new").statusCode()).isEqualTo(200);
        for (int i = 0; i < 3; i++) {
            assertThat(caller.get(HUNDRED).statusCode()).isEqualTo(502);
        }
        assertThat(caller.get(HUNDRED).statusCode()).isEqualTo(200);
    }

    @Test
    void a_share_of_requests_is_met() {
        standIn.misbehave(Fault.of(Misbehaviour.SERVER_ERROR).withShare(0.3));
        long failed = LongStream.range(0, 200)
                .filter(i -> caller.get("/api/info?id=t3_1").statusCode() == 503)
                .count();
        assertThat(failed).isBetween(40L, 80L);
    }

    @Test
    void pages_for_people_come_with_any_status() {
        for (int status : new int[] {200, 413, 500}) {
            standIn.misbehave(Fault.of(Misbehaviour.HTML_PAGE).withStatus(status));
            HttpResponse<byte[]> answer = caller.get("/new");
            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
            assertThat(text(answer)).contains("<html>");
        }
    }

    @Test
    void answers_and_their_second_halves_can_be_slow() {
        for (Misbehaviour slow : List.of(Misbehaviour.SLOW, Misbehaviour.SLOW_BODY)) {
            standIn.misbehave(Fault.of(slow).withDelay(Duration.ofMillis(400)));
            long started = System.nanoTime();
            assertThat(names(json(caller.get(HUNDRED)))).hasSize(100);
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThan(Duration.ofMillis(390));
        }
    }

    @Test
    void bodies_are_cut_shortened_or_do_not_come() {
        for (Misbehaviour broken : List.of(Misbehaviour.CUT_BODY, Misbehaviour.NO_ANSWER)) {
            standIn.misbehave(Fault.of(broken));
            assertThatThrownBy(() -> caller.get(HUNDRED)).isInstanceOf(UncheckedIOException.class);
        }
        standIn.behave();
        String whole = text(caller.get(HUNDRED));
        standIn.misbehave(Fault.of(Misbehaviour.SHORT_BODY));
        assertThat(text(caller.get(HUNDRED))).isEqualTo(whole.substring(0, whole.length() / 2));
    }

    @Test
    void info_drops_always_the_same_ids_whose_own_pages_are_there() {
        standIn.misbehave(Fault.of(Misbehaviour.DROPPED_IDS).withShare(0.2));
        List<String> found = names(json(caller.get(HUNDRED)));
        assertThat(found).hasSizeBetween(65, 92);
        assertThat(names(json(caller.get(HUNDRED)))).isEqualTo(found);
        for (long id = 1; id <= 100; id++) {
            if (!found.contains("t3_" + Fullname.text(id))) {
                assertThat(caller.get("/comments/" + Fullname.text(id)).statusCode())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void morechildren_leaves_out_some_of_what_it_was_asked_for() {
        CommentTree tree = things.comments(7);
        Set<String> asked = new HashSet<>();
        for (int comment = 0; comment < tree.size(); comment++) {
            if (!tree.hasReplies(comment) && asked.size() < 20) {
                asked.add(Fullname.text(tree.id(comment)));
            }
        }
        Map<String, String> form = Map.of("link_id", "t3_7", "children", String.join(",", asked));
        assertThat(more(form)).hasSize(20);
        standIn.misbehave(Fault.of(Misbehaviour.DROPPED_CHILDREN).withShare(0.5));
        assertThat(more(form)).hasSizeBetween(4, 16);
    }

    private JsonNode more(Map<String, String> form) {
        return json(caller.post("/api/morechildren", form))
                .path("json")
                .path("data")
                .path("things");
    }

    @Test
    void tells_of_another_thing_than_the_one_asked_for() {
        standIn.misbehave(Fault.of(Misbehaviour.WRONG_THING));
        assertThat(names(json(caller.get("/api/info?id=t3_5")))).isNotEmpty().doesNotContain("t3_5");
        assertThat(names(json(caller.get("/comments/5")).get(0))).isNotEmpty().doesNotContain("t3_5");
    }

    @Test
    void a_token_may_be_void_at_any_time() {
        standIn.misbehave(Fault.of(Misbehaviour.EXPIRED_TOKEN).withRequests(1));
        assertThat(caller.get("/new").statusCode()).isEqualTo(401);
        assertThat(caller.get("/new").statusCode()).isEqualTo(401);
        assertThat(Caller.loggedIn(standIn).get("/new").statusCode()).isEqualTo(200);
    }

    @Test
    void faults_can_be_set_and_statistics_read_over_http() {
        HttpResponse<byte[]> set = caller.postText(
                "/_standin/faults",
                "[{\"kind\": \"server_error\", \"share\": 1, \"path\": \"/new\", \"requests\": 2, \"status\": 504, \"retry_after\": 3}]");
        assertThat(text(set)).isEqualTo("{\"faults\":1}");
        HttpResponse<byte[]> failed = caller.get("/new");
        assertThat(failed.statusCode()).isEqualTo(504);
        assertThat(failed.headers().firstValue("Retry-After")).contains("3");
        for (String wrong : List.of("{", "{}", "[{\"kind\": \"other\"}]", "[{\"kind\": \"slow\", \"shar\": 1}]")) {
            assertThat(caller.postText("/_standin/faults", wrong).statusCode()).isEqualTo(400);
        }
        assertThat(text(caller.get("/_standin/statistics")))
                .contains("\"/new\":1", "\"504\":1", "\"/api/v1/access_token\":1", "\"counted\":1");
        assertThat(standIn.statistics().statuses()).containsEntry(504, 1L);
    }
}
