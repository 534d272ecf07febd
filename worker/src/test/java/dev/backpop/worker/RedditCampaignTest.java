package dev.backpop.worker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignSpec;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.campaign.Reject;
import dev.backpop.campaign.RowReason;
import dev.backpop.ledger.NewCampaign;
import dev.backpop.ledger.NewChunk;
import dev.backpop.ledger.Totals;
import dev.backpop.queue.Task;
import dev.backpop.standin.Allowance;
import dev.backpop.standin.Fault;
import dev.backpop.standin.GeneratedOptions;
import dev.backpop.standin.GeneratedThings;
import dev.backpop.standin.Misbehaviour;
import dev.backpop.standin.StandIn;
import dev.backpop.standin.StandInOptions;
import dev.backpop.standin.StandInVotes;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Things of a stand-in server, moved and verified by chunks; every number is held against the function that makes them. */
class RedditCampaignTest {
    private static final long POSTS = 400;
    /** The posts whose comments are moved. */
    private static final long COMMENTED = 60;

    private static final String PLAN = """
            plan: shop
            legacy:
              reddit:
                url: "${REDDIT_URL}"
                user_agent: "test:backpop:1 (by /u/mover)"
                client_id: stand-in
                client_secret: "${REDDIT_SECRET}"
                refresh_token: "${REDDIT_TOKEN}"
                requests: 1000000
                per: 1s
                voters: { url: "${TARGET_URL}", query: "SELECT id, username, token AS refresh_token FROM auth_user" }
            target: { url: "${TARGET_URL}" }
            entities:
              channel:
                from: { things: channels }
                into: { table: channel, key: id }
                columns: { id: id, name: name, allowed: allowed_post_types, created_on: created_on }
                guard: overwrite
                verify: { settle: 0s }
              post:
                parents: [channel]
                from: { things: posts }
                into: { table: post, key: id }
                columns: { id: id, channel_id: channel_id, title: title, text: text, url: url, kind: post_type,
                  score: score, removed: removed, deleted: deleted, edited_on: edited_on, created_on: created_on,
                  author: author, plain_text: plain_text }
                guard: overwrite
                verify: { settle: 0s }
              comment:
                parents: [post]
                from: { things: comments }
                into: { table: comment, key: [post_id, id] }
                columns: { post_id: post_id, id: id, parent_id: parent_id, text: text, score: score, removed: removed,
                  created_on: created_on }
                guard: overwrite
                verify: { settle: 0s }
              post_vote:
                from: { things: post_votes }
                into: { table: post_vote, key: [voter_id, post_id] }
                columns: { direction: direction }
                guard: overwrite
                verify: { settle: 0s }
            """;

    private final GeneratedThings things = new GeneratedThings(
            GeneratedOptions.of(POSTS).withClosed(0.05).withModerated(0.8).withDensity(0.9));
    private StandIn server;
    private WorkerFixture worker;

    @BeforeEach
    void start() throws SQLException {
        // With an allowance its answers have rate headers.
        server = StandIn.start(
                StandInOptions.of(things).withAllowance(new Allowance(1_000_000, Duration.ofMinutes(10))));
        worker = new WorkerFixture(0);
        worker.variables.put("REDDIT_URL", server.url().toString());
        worker.variables.put("REDDIT_SECRET", "stand-in-secret");
        worker.variables.put("REDDIT_TOKEN", "stand-in-refresh");
        worker.database.run(
                "CREATE TABLE channel (id bigint PRIMARY KEY, name text NOT NULL, allowed smallint, created_on timestamptz)",
                "CREATE TABLE post (id bigint PRIMARY KEY, channel_id bigint NOT NULL, title text NOT NULL, text text,"
                        + " url text, kind text NOT NULL, score bigint NOT NULL, removed boolean NOT NULL,"
                        + " deleted boolean NOT NULL, edited_on timestamptz, created_on timestamptz NOT NULL,"
                        + " author text, plain_text text)",
                "CREATE TABLE comment (id bigint PRIMARY KEY, post_id bigint NOT NULL, parent_id bigint,"
                        + " text text NOT NULL, score bigint NOT NULL, removed boolean NOT NULL,"
                        + " created_on timestamptz NOT NULL, UNIQUE (post_id, id),"
                        + " FOREIGN KEY (post_id, parent_id) REFERENCES comment (post_id, id))");
    }

    @AfterEach
    void stop() {
        worker.close();
        server.close();
    }

    private void start(String id, String entity, CampaignKind kind, long last, LongFunction<String> key) {
        worker.ledger.create(
                new NewCampaign(id, "shop", entity, kind, new CampaignSpec(PLAN, "/", null, null, false), "ann@host"));
        worker.ledger.transition(id, CampaignState.RUNNING, null);
        List<NewChunk> chunks = new ArrayList<>();
        List<Task> tasks = new ArrayList<>();
        for (long from = 0; from < last; from += 50) {
            long to = Math.min(last, from + 50);
            chunks.add(
                    NewChunk.range(from == 0 ? null : key.apply(from), key.apply(from + 1), key.apply(to), to - from));
            tasks.add(new Task(chunks.size(), to - from));
        }
        worker.ledger.appendChunks(id, null, chunks, key.apply(last), true);
        worker.queue.ensureGroup(id);
        worker.queue.enqueue(id, tasks);
        worker.show(id, "running");
    }

    private static String post(long id) {
        return "[" + id + "]";
    }

    private static String tree(long id) {
        return "[" + id + ", " + Long.MAX_VALUE + "]";
    }

    private List<Reject> rejects(String id) {
        List<Reject> rejects = new ArrayList<>();
        worker.ledger.rejects(id, Integer.MAX_VALUE, stored -> rejects.add(stored.reject()));
        return rejects;
    }

    /** Ends a campaign whose sum adds up. */
    private Counters adds(String id, CampaignKind kind) {
        Totals totals = worker.ledger.totals(id);
        assertThat(totals.tally(kind).addsUp()).as(totals.tally(kind).explain()).isTrue();
        worker.ledger.transition(id, CampaignState.COMPLETED, null);
        return totals.counters();
    }

    @Test
    void posts_are_moved_and_verified_and_every_number_has_one_end() throws SQLException {
        server.misbehave(Fault.of(Misbehaviour.DROPPED_IDS).withShare(0.2));
        start("b", "post", CampaignKind.BACKFILL, POSTS, RedditCampaignTest::post);

        worker.runAll();

        verified(moved());
    }

    /** All ways to fail, each for a few requests: after many in a row nobody asks the server for a while. */
    private void misbehaveInEveryWay() {
        server.misbehave(
                Fault.of(Misbehaviour.TOO_MANY_REQUESTS).withShare(0.1).withRequests(1),
                Fault.of(Misbehaviour.TOO_MANY_REQUESTS)
                        .withShare(0.2)
                        .withRequests(1)
                        .withRetryAfter("1"),
                Fault.of(Misbehaviour.SERVER_ERROR).withRequests(2),
                Fault.of(Misbehaviour.SERVER_ERROR)
                        .withShare(0.1)
                        .withRequests(1)
                        .withStatus(500),
                Fault.of(Misbehaviour.HTML_PAGE).withShare(0.1).withRequests(1),
                Fault.of(Misbehaviour.HTML_PAGE)
                        .withShare(0.2)
                        .withRequests(1)
                        .withPath("/comments")
                        .withStatus(404),
                Fault.of(Misbehaviour.HTML_PAGE)
                        .withShare(0.2)
                        .withRequests(1)
                        .withPath("/comments")
                        .withStatus(403),
                Fault.of(Misbehaviour.SLOW).withShare(0.1).withRequests(2).withDelay(Duration.ofMillis(200)),
                Fault.of(Misbehaviour.SLOW_BODY).withShare(0.1).withRequests(2).withDelay(Duration.ofMillis(200)),
                Fault.of(Misbehaviour.CUT_BODY).withShare(0.1).withRequests(1),
                Fault.of(Misbehaviour.SHORT_BODY).withShare(0.1).withRequests(1),
                Fault.of(Misbehaviour.NO_ANSWER).withShare(0.1).withRequests(1),
                Fault.of(Misbehaviour.EXPIRED_TOKEN).withShare(0.1).withRequests(2),
                Fault.of(Misbehaviour.WRONG_THING).withShare(0.2).withRequests(3),
                Fault.of(Misbehaviour.NO_RATE_HEADERS).withShare(0.3),
                Fault.of(Misbehaviour.WHOLE_RATE_HEADERS).withShare(0.3),
                Fault.of(Misbehaviour.DROPPED_IDS).withShare(0.2),
                Fault.of(Misbehaviour.DROPPED_CHILDREN).withShare(0.3));
    }

    @Test
    void a_server_that_fails_in_every_way_costs_no_post_and_no_comment() throws SQLException {
        misbehaveInEveryWay();
        start("b", "post", CampaignKind.BACKFILL, POSTS, RedditCampaignTest::post);
        worker.runAll();
        Counters moved = moved();
        misbehaveInEveryWay();
        start("v", "post", CampaignKind.VERIFY, POSTS, RedditCampaignTest::post);
        worker.runAll();
        matched("v", moved);

        misbehaveInEveryWay();
        start("c", "comment", CampaignKind.BACKFILL, COMMENTED, RedditCampaignTest::tree);
        worker.runAll();
        commentsMoved("c");

        assertThat(server.statistics().statuses()).containsKeys(0, 200, 401, 403, 404, 429, 500, 503);
        assertThat(worker.counters("b").get(Counter.ROWS_ABSENT)).isPositive();
    }

    /** Where many posts are forbidden for a while, as to an account that is let into their channel later. */
    @Test
    void posts_that_were_forbidden_arrive_by_a_retry_and_are_verified_anew_once_they_may_be_seen() throws SQLException {
        Fault dropped = Fault.of(Misbehaviour.DROPPED_IDS).withShare(0.2);
        Fault closed = Fault.of(Misbehaviour.SERVER_ERROR).withPath("/comments").withStatus(403);
        server.misbehave(dropped, closed);
        start("b", "post", CampaignKind.BACKFILL, POSTS, RedditCampaignTest::post);
        worker.runAll();
        Counters shut = adds("b", CampaignKind.BACKFILL);
        assertThat(shut.get(Counter.ROWS_ABSENT)).as("nobody said so").isZero();
        start("v", "post", CampaignKind.VERIFY, POSTS, RedditCampaignTest::post);
        worker.runAll();
        Counters looked = adds("v", CampaignKind.VERIFY);
        assertThat(looked.get(Counter.ROWS_UNVERIFIABLE))
                .isEqualTo(shut.get(Counter.ROWS_REJECTED))
                .isGreaterThan(50);
        assertThat(looked.get(Counter.ROWS_MATCHED)).isEqualTo(shut.get(Counter.ROWS_WRITTEN));

        server.behave();
        worker.ledger.transition("b", CampaignState.RUNNING, null);
        worker.ledger.planReplays("b");
        worker.ledger
                .plannedChunks("b", Integer.MAX_VALUE)
                .forEach(chunk -> worker.queue.enqueue("b", List.of(new Task(chunk.chunkNo(), chunk.keyCount()))));
        worker.runAll();

        Counters moved = moved();
        assertThat(moved.get(Counter.ROWS_WRITTEN)).isGreaterThan(shut.get(Counter.ROWS_WRITTEN));
        start("w", "post", CampaignKind.VERIFY, POSTS, RedditCampaignTest::post);
        worker.runAll();
        matched("w", moved);
    }

    /** Ends the backfill of posts, of which every number has the end that the function says. */
    private Counters moved() throws SQLException {
        Counters moved = adds("b", CampaignKind.BACKFILL);
        long absent = LongStream.rangeClosed(1, POSTS)
                .filter(id -> things.post(id) == null)
                .count();
        assertThat(moved.get(Counter.ROWS_ABSENT)).isEqualTo(absent).isPositive();
        List<RowReason> reasons = worker.ledger.rowReasons("b");
        assertThat(sum(reasons, RowReason.Outcome.ABSENT)).isEqualTo(absent);
        assertThat(sum(reasons, RowReason.Outcome.EXCLUDED))
                .isEqualTo(moved.get(Counter.ROWS_EXCLUDED))
                .isPositive();
        List<Reject> rejects = rejects("b");
        assertThat(rejects).hasSize((int) moved.get(Counter.ROWS_REJECTED)).isNotEmpty();
        Set<String> closed = LongStream.rangeClosed(1, POSTS)
                .filter(id -> things.post(id) != null && isClosed(id))
                .mapToObj(RedditCampaignTest::post)
                .collect(Collectors.toSet());
        assertThat(rejects.stream()
                        .filter(reject -> reject.message().startsWith("forbidden: "))
                        .map(Reject::key)
                        .collect(Collectors.toSet()))
                .isEqualTo(closed)
                .isNotEmpty();
        assertThat(rejects).allSatisfy(reject -> assertThat(reject.stage()).isEqualTo(Reject.Stage.FETCH));
        assertThat(rejects).anyMatch(reject -> reject.message().startsWith("no moderator access"));
        assertThat(worker.database.ask("SELECT id, title, score, EXTRACT(epoch FROM created_on)::bigint FROM post"))
                .hasSize((int) moved.get(Counter.ROWS_WRITTEN))
                .isNotEmpty()
                .allSatisfy(row -> {
                    var data = requireNonNull(things.post(Long.parseLong(row.substring(0, row.indexOf('|')))));
                    assertThat(row)
                            .isEqualTo(Long.parseLong(data.path("id").asString(), 36) + "|"
                                    + cleaned(data.path("title").asString()) + "|"
                                    + data.path("score").asLong() + "|"
                                    + data.path("created_utc").decimalValue().toBigInteger());
                });
        return moved;
    }

    /** What PostgreSQL does not take has gone: U+0000, and halves of a surrogate pair became U+FFFD. */
    private static String cleaned(String text) {
        StringBuilder cleaned = new StringBuilder();
        text.codePoints()
                .filter(character -> character != 0)
                .map(character -> character >= 0xD800 && character <= 0xDFFF ? 0xFFFD : character)
                .forEach(cleaned::appendCodePoint);
        return cleaned.toString();
    }

    private void matched(String id, Counters moved) {
        Counters found = adds(id, CampaignKind.VERIFY);
        assertThat(found.get(Counter.ROWS_MATCHED))
                .isEqualTo(moved.get(Counter.ROWS_WRITTEN))
                .isPositive();
        assertThat(found.get(Counter.ROWS_UNVERIFIABLE)).isEqualTo(moved.get(Counter.ROWS_REJECTED));
        assertThat(found.get(Counter.ROWS_EXCLUDED)).isEqualTo(moved.get(Counter.ROWS_EXCLUDED));
        assertThat(found.get(Counter.ROWS_ABSENT)).isEqualTo(moved.get(Counter.ROWS_ABSENT));
        assertThat(found.get(Counter.ROWS_UNEXPECTED)).isZero();
    }

    private static long sum(List<RowReason> reasons, RowReason.Outcome outcome) {
        return reasons.stream()
                .filter(reason -> reason.outcome() == outcome)
                .mapToLong(RowReason::rows)
                .sum();
    }

    private boolean isClosed(long post) {
        String channel = requireNonNull(things.post(post)).path("subreddit_id").asString("");
        return !channel.isEmpty() && things.isClosed(Long.parseLong(channel.substring(3), 36));
    }

    /** A clean verification; then one of a target in which an excluded post stands and another has changed. */
    private void verified(Counters moved) throws SQLException {
        start("v", "post", CampaignKind.VERIFY, POSTS, RedditCampaignTest::post);
        worker.runAll();
        matched("v", moved);

        String excluded = worker.ledger.rowReasons("v").stream()
                .filter(reason -> reason.outcome() == RowReason.Outcome.EXCLUDED)
                .findFirst()
                .orElseThrow()
                .example()
                .replaceAll("[\\[\\]]", "");
        worker.database.run(
                "INSERT INTO post SELECT " + excluded + ", channel_id, title, text, url, kind, score, removed, deleted,"
                        + " edited_on, created_on, author, plain_text FROM post LIMIT 1",
                "UPDATE post SET title = title || '!' WHERE id = (SELECT min(id) FROM post WHERE id <> " + excluded
                        + ")");
        start("w", "post", CampaignKind.VERIFY, POSTS, RedditCampaignTest::post);
        worker.runAll();
        Counters found = adds("w", CampaignKind.VERIFY);
        assertThat(found.get(Counter.ROWS_UNEXPECTED)).isEqualTo(1);
        assertThat(found.get(Counter.ROWS_MISMATCHED)).isEqualTo(1);
        assertThat(found.get(Counter.ROWS_EXCLUDED)).isEqualTo(moved.get(Counter.ROWS_EXCLUDED));
    }

    @Test
    void comments_are_moved_by_the_trees_of_posts_and_verified() throws SQLException {
        start("b", "comment", CampaignKind.BACKFILL, COMMENTED, RedditCampaignTest::tree);

        worker.runAll();

        Counters moved = commentsMoved("b");
        start("v", "comment", CampaignKind.VERIFY, COMMENTED, RedditCampaignTest::tree);
        worker.runAll();
        Counters clean = adds("v", CampaignKind.VERIFY);
        assertThat(clean.get(Counter.ROWS_MATCHED)).isEqualTo(moved.get(Counter.ROWS_WRITTEN));
        assertThat(clean.get(Counter.ROWS_UNEXPECTED)).isZero();
        assertThat(clean.get(Counter.ROWS_EXCLUDED)).isEqualTo(moved.get(Counter.ROWS_EXCLUDED));
    }

    /** Ends a backfill of comments, each of which has one end. */
    private Counters commentsMoved(String id) throws SQLException {
        Counters moved = adds(id, CampaignKind.BACKFILL);
        Set<String> seen = new HashSet<>();
        things.newestComments().forEach(number -> {
            var comment = requireNonNull(things.comment(number));
            long post = Long.parseLong(comment.path("link_id").asString().substring(3), 36);
            if (post <= COMMENTED && !isClosed(post)) {
                seen.add("[" + post + ", " + number + "]");
            }
        });
        Set<String> ends =
                new HashSet<>(worker.database.ask("SELECT '[' || post_id || ', ' || id || ']' FROM comment"));
        rejects(id).stream()
                .map(Reject::key)
                .filter(key -> !key.contains(Long.toString(Long.MAX_VALUE)))
                .forEach(key -> ends.add(key.replace(",", ", ").replace(",  ", ", ")));
        assertThat(moved.get(Counter.ROWS_WRITTEN) + moved.get(Counter.ROWS_EXCLUDED))
                .isPositive();
        assertThat(seen).containsAll(ends);
        assertThat((long) seen.size()).isEqualTo(ends.size() + moved.get(Counter.ROWS_EXCLUDED));
        assertThat(worker.ledger.totals(id).keysDone())
                .isEqualTo(moved.get(Counter.ROWS_READ) + moved.get(Counter.ROWS_ABSENT));
        return moved;
    }

    @Test
    void channels_are_moved_and_verified() {
        start("b", "channel", CampaignKind.BACKFILL, 100, RedditCampaignTest::post);
        worker.runAll();
        Counters moved = adds("b", CampaignKind.BACKFILL);
        start("v", "channel", CampaignKind.VERIFY, 100, RedditCampaignTest::post);
        worker.runAll();

        assertThat(moved.get(Counter.ROWS_WRITTEN)).isGreaterThan(50);
        assertThat(adds("v", CampaignKind.VERIFY).get(Counter.ROWS_MATCHED)).isEqualTo(moved.get(Counter.ROWS_WRITTEN));
    }

    @Test
    void a_voter_whose_token_is_refused_is_a_reject_and_loses_no_vote_to_a_verification() throws Exception {
        worker.database.run(
                "CREATE TABLE auth_user (id int, username text, token text)",
                "INSERT INTO auth_user VALUES (1, 'ann', 'refresh-ann'), (2, 'bob', 'taken-back')",
                "CREATE TABLE post_vote (voter_id bigint, post_id bigint, direction smallint NOT NULL,"
                        + " PRIMARY KEY (voter_id, post_id))");
        HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(server.url().resolve("/api/v1/generate_refresh_token?username=ann"))
                                .header("User-Agent", "test:backpop:1")
                                .header("X-Access-Token", server.account().userKey())
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
        start("b", "post_vote", CampaignKind.BACKFILL, 2, voter -> "[" + voter + ", " + POSTS + "]");

        worker.runAll();

        Counters moved = adds("b", CampaignKind.BACKFILL);
        long votes = LongStream.rangeClosed(1, POSTS)
                .filter(id -> things.post(id) != null && !isClosed(id) && isOfChannel(id))
                .filter(id -> StandInVotes.likes(things, "ann", "t3", id) != null)
                .count();
        assertThat(moved.get(Counter.ROWS_WRITTEN)).isEqualTo(votes).isPositive();
        assertThat(rejects("b")).singleElement().satisfies(reject -> {
            assertThat(reject.message()).isEqualTo("forbidden: the token of voter 2 (bob) is refused");
            assertThat(reject.key()).contains(Long.toString(Long.MAX_VALUE));
        });

        worker.database.run("INSERT INTO post_vote VALUES (2, 7, 1)");
        start("v", "post_vote", CampaignKind.VERIFY, 2, voter -> "[" + voter + ", " + POSTS + "]");
        worker.runAll();
        Counters verified = adds("v", CampaignKind.VERIFY);
        assertThat(verified.get(Counter.ROWS_MATCHED)).isEqualTo(votes);
        assertThat(verified.get(Counter.ROWS_UNVERIFIABLE)).isEqualTo(2);
        assertThat(verified.get(Counter.ROWS_UNEXPECTED)).isZero();
    }

    private boolean isOfChannel(long post) {
        String channel = requireNonNull(things.post(post)).path("subreddit").asString("");
        return !channel.isEmpty()
                && !channel.startsWith("u_")
                && !requireNonNull(things.post(post)).path("promoted").asBoolean(false);
    }
}
