package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Moves 113,937 real posts with two worker processes, one of which is killed. The titles are HTML-escaped, which makes 219
 * of them longer than the 300 characters of their new column.
 */
class RealPostsTest {
    private static final long TOO_LONG = 219;

    private final RealPosts posts = new RealPosts();

    @AfterEach
    void stop_the_workers() throws InterruptedException {
        posts.stopWorkers();
    }

    @Test
    void they_move_from_a_table_of_text_though_a_worker_is_killed() throws Exception {
        posts.loadLegacyTable();
        createTarget("edited boolean NOT NULL, edited_at timestamptz");
        Path plan = posts.plan("""
                plan: posts
                legacy: { jdbc: { url: "${LEGACY_URL}" } }
                target: { url: "${BACKPOP_TARGET_URL}" }
                entities:
                  post:
                    from: { table: posts, key: "id10::bigint" }
                    into: { table: post, key: id }
                    columns:
                      name: name
                      title: title
                      url: url
                      domain: domain
                      selftext: selftext
                      subreddit: subreddit
                      created_at: to_timestamp(created_utc::double precision)
                      edited: edited <> 'False'
                      edited_at: "CASE WHEN edited IN ('True', 'False') THEN NULL ELSE to_timestamp(edited::double precision) END"
                      score: score::int
                      num_comments: num_comments::int
                      over_18: over_18::boolean
                      is_self: is_self::boolean
                      distinguished: nullif(distinguished, '')
                    guard: insert-only
                """);

        moveWithOneWorkerKilled(plan);

        String row =
                "id, name, title, url, domain, selftext, subreddit, created_at, edited, edited_at, score, num_comments,"
                        + " over_18, is_self, distinguished";
        String mapped = "id10::bigint, name, title, url, domain, selftext, subreddit,"
                + " to_timestamp(created_utc::double precision), edited <> 'False', CASE WHEN edited IN ('True', 'False')"
                + " THEN NULL ELSE to_timestamp(edited::double precision) END, score::int, num_comments::int,"
                + " over_18::boolean, is_self::boolean, nullif(distinguished, '')";
        assertThat(RealPosts.digest(posts.target, row, "post", "true"))
                .isEqualTo(RealPosts.digest(posts.legacy, mapped, "posts", "char_length(title) <= 300"));
    }

    @Test
    void they_move_straight_from_the_compressed_file() throws Exception {
        createTarget("edited text NOT NULL");
        posts.variables.put("POSTS", posts.records.toString());
        Path plan = posts.plan("""
                plan: posts-file
                legacy: { file: { directory: "${POSTS}" } }
                target: { url: "${BACKPOP_TARGET_URL}" }
                entities:
                  post:
                    from:
                      file: reddit-top-posts-sample.ndjson.gz
                      key: id10
                      fields: { id10: bigint, created_utc: epoch_seconds, score: integer, over_18: boolean }
                    into: { table: post, key: id }
                    columns:
                      name: name
                      title: title
                      url: url
                      domain: domain
                      selftext: selftext
                      subreddit: subreddit
                      created_at: created_utc
                      edited: edited
                      score: score
                      num_comments: num_comments
                      over_18: over_18
                      is_self: is_self
                      distinguished: distinguished
                    guard: insert-only
                """);

        moveWithOneWorkerKilled(plan);

        posts.loadLegacyTable();
        String row = "id, name, title, url, domain, selftext, subreddit, created_at, edited, score, num_comments,"
                + " over_18, is_self, distinguished";
        String mapped = "id10::bigint, name, title, url, domain, selftext, subreddit,"
                + " to_timestamp(created_utc::double precision), edited, score::int, num_comments::int,"
                + " over_18::boolean, is_self::boolean, distinguished";
        assertThat(RealPosts.digest(posts.target, row, "post", "true"))
                .isEqualTo(RealPosts.digest(posts.legacy, mapped, "posts", "char_length(title) <= 300"));
    }

    private void moveWithOneWorkerKilled(Path plan) throws Exception {
        Process first = posts.startWorker(1);
        posts.startWorker(1);
        CompletableFuture<CommandRun> backfill =
                CompletableFuture.supplyAsync(() -> posts.run("backfill", plan.toString(), "--json"));
        Awaitility.await().atMost(Duration.ofSeconds(90)).until(() -> backfill.isDone() || chunksDone() >= 20);
        assertThat(backfill).as("must not be over before a worker is killed").isNotDone();
        first.destroyForcibly();
        CommandRun moved = backfill.get(180, TimeUnit.SECONDS);

        JsonNode result = RealPosts.lastLine(moved);
        assertThat(result.path("state").asString()).isEqualTo("completed");
        assertThat(result.path("enumerated").asLong()).isEqualTo(RealPosts.COUNT);
        assertThat(result.path("counters").path("rows.written").asLong()).isEqualTo(RealPosts.COUNT - TOO_LONG);
        assertThat(result.path("counters").path("rows.rejected").asLong()).isEqualTo(TOO_LONG);
        assertThat(moved.exitCode()).isEqualTo(1);
        assertThat(RealPosts.ask(
                        posts.target,
                        "SELECT count(*) FROM backpop.reject WHERE sqlstate = '22001' AND column_name = 'title'"
                                + " AND message LIKE 'title: % characters do not fit into character varying(300)'"
                                + " AND source IS NOT NULL"))
                .isEqualTo(TOO_LONG);

        CommandRun verified = posts.run("verify", plan.toString(), "--json");
        JsonNode comparison = RealPosts.lastLine(verified);
        assertThat(comparison.path("counters").path("rows.matched").asLong()).isEqualTo(RealPosts.COUNT - TOO_LONG);
        assertThat(comparison.path("counters").path("rows.missing").asLong()).isEqualTo(TOO_LONG);
        assertThat(comparison.path("counters").path("rows.mismatched").asLong()).isZero();
        assertThat(comparison.path("counters").path("rows.unexpected").asLong()).isZero();
        assertThat(verified.exitCode()).isEqualTo(1);
    }

    private long chunksDone() {
        return RealPosts.ask(
                posts.target,
                "SELECT CASE WHEN to_regclass('backpop.chunk') IS NULL THEN 0 ELSE (xpath('/row/n/text()',"
                        + " query_to_xml('SELECT count(*) AS n FROM backpop.chunk WHERE state = ''done''', true, true, '')))[1]"
                        + "::text::bigint END");
    }

    private void createTarget(String edited) {
        RealPosts.execute(
                posts.target,
                "CREATE TABLE post (id bigint PRIMARY KEY, name varchar(20) NOT NULL UNIQUE, title varchar(300) NOT NULL,"
                        + " url text NOT NULL, domain text, selftext text NOT NULL, subreddit text NOT NULL,"
                        + " created_at timestamptz NOT NULL, " + edited + ", score int NOT NULL,"
                        + " num_comments int NOT NULL, over_18 boolean NOT NULL, is_self boolean NOT NULL,"
                        + " distinguished text)");
        RealPosts.execute(posts.target, "CREATE INDEX ON post (created_at)");
    }
}
