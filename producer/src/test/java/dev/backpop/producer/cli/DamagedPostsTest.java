package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Moves 113,937 real posts, damages thousands of them in every way of {@link Damage}, and has each way found, counted to the
 * row, named and repaired. What was damaged is known by plain SQL alone.
 */
class DamagedPostsTest {
    private static final String ROW =
            "id, name, title, url, domain, selftext, subreddit, created_at, edited, edited_at,"
                    + " score, num_comments, over_18, is_self, distinguished";
    private static final String MAPPED = "id10::bigint, name, title, url, domain, selftext, subreddit,"
            + " to_timestamp(created_utc::double precision), edited <> 'False', CASE WHEN edited IN ('True', 'False')"
            + " THEN NULL ELSE to_timestamp(edited::double precision) END, score::int, num_comments::int,"
            + " over_18::boolean, is_self::boolean, nullif(distinguished, '')";
    /** What the ledger says of each key, in the words of table {@code damage}. */
    private static final String FOUND =
            "(SELECT (key ->> 0)::bigint AS id, kind, (SELECT string_agg((difference ->> 'column')"
                    + " || ': ' || coalesce(difference ->> 'cause', '-'), ', ' ORDER BY place)"
                    + " FROM jsonb_array_elements(columns) WITH ORDINALITY AS one (difference, place)) AS columns, cause, state"
                    + " FROM backpop.discrepancy WHERE campaign_id = 'damaged')";

    private final RealPosts posts = new RealPosts();

    @AfterEach
    void stop_the_workers() throws InterruptedException {
        posts.stopWorkers();
    }

    @Test
    void every_way_of_damage_is_counted_to_the_row_named_and_repaired() throws Exception {
        Path plan = moved();
        assertClean(posts.run("verify", plan.toString(), "--name", "moved", "--json"));

        Map<String, Integer> struck = strike();
        CommandRun verified = posts.run("verify", plan.toString(), "--name", "damaged", "--json");

        assertThat(verified.exitCode()).isEqualTo(1);
        assertThat(misnamed())
                .as("rows of which the ledger says something else than was done")
                .isEmpty();
        assertThat(RealPosts.ask(posts.target, "SELECT count(*) FROM " + FOUND + " AS found WHERE state = 'confirmed'"))
                .isEqualTo(struck.values().stream().mapToInt(Integer::intValue).sum());
        assertCounted(RealPosts.lastLine(verified).path("counters"));
        assertReported();
        assertThat(posts.run("sign-off", "damaged", "--by", "Ann").exitCode()).isEqualTo(1);

        CommandRun repaired = posts.run(
                "repair",
                "damaged",
                "--apply",
                "--delete-unexpected",
                "--confirm-delete",
                Long.toString(damaged("unexpected")),
                "--json");

        assertThat(repaired.exitCode()).as(repaired.out() + repaired.err()).isZero();
        assertThat(RealPosts.ask(posts.target, "SELECT count(*) FROM " + FOUND + " AS found WHERE state <> 'resolved'"))
                .isZero();
        assertClean(posts.run("verify", plan.toString(), "--name", "repaired", "--json"));
        assertSigned();
    }

    private Path moved() throws Exception {
        posts.loadLegacyTable();
        RealPosts.execute(
                posts.target,
                "CREATE TABLE post (id bigint PRIMARY KEY, name text, title text, url text, domain text, selftext text,"
                        + " subreddit text, created_at timestamptz, edited boolean, edited_at timestamptz, score int,"
                        + " num_comments int, over_18 boolean, is_self boolean, distinguished text)");
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
                    verify: { settle: 200ms }
                """);
        posts.startWorker(2);
        assertThat(posts.run("backfill", plan.toString(), "--json").exitCode()).isZero();
        return plan;
    }

    /** By way, how many rows were damaged so. */
    private Map<String, Integer> strike() throws SQLException {
        Map<String, Integer> struck = new LinkedHashMap<>();
        try (Connection connection = RealPosts.connect(posts.target)) {
            Damage.createTable(connection);
            for (Damage damage : Damage.ALL) {
                struck.put(damage.name(), damage.strike(connection));
            }
        }
        assertThat(struck.values()).as("rows of each way: %s", struck).allMatch(rows -> rows >= 100);
        return struck;
    }

    /** In both directions: what was not found, what was found beyond, and what was named otherwise. */
    private List<String> misnamed() throws SQLException {
        String sql =
                "SELECT concat_ws(' | ', coalesce(damage.way, 'undamaged'), damage.kind, damage.columns, damage.cause,"
                        + " 'found', found.kind, found.columns, found.cause, count(*), min(coalesce(damage.id, found.id)))"
                        + " FROM damage FULL JOIN " + FOUND + " AS found USING (id)"
                        + " WHERE (damage.kind, damage.columns, damage.cause) IS DISTINCT FROM (found.kind, found.columns, found.cause)"
                        + " GROUP BY damage.way, damage.kind, damage.columns, damage.cause, found.kind, found.columns, found.cause"
                        + " ORDER BY count(*) DESC LIMIT 100";
        return texts(sql);
    }

    private List<String> texts(String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Connection connection = RealPosts.connect(posts.target);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    private void assertCounted(JsonNode counters) {
        long missing = damaged("missing");
        long mismatched = damaged("mismatched");
        assertThat(counters.path("rows.missing").asLong()).isEqualTo(missing);
        assertThat(counters.path("rows.mismatched").asLong()).isEqualTo(mismatched);
        assertThat(counters.path("rows.unexpected").asLong()).isEqualTo(damaged("unexpected"));
        assertThat(counters.path("rows.matched").asLong()).isEqualTo(RealPosts.COUNT - missing - mismatched);
        assertThat(counters.path("rows.pending").asLong()).isZero();
    }

    /** That the report has each way's cause with its count, and no other. */
    private void assertReported() throws SQLException {
        CommandRun reported = posts.run("report", "damaged", "--json");
        assertThat(reported.exitCode()).isEqualTo(1);
        List<String> causes = new ArrayList<>();
        for (JsonNode cause : RealPosts.lastLine(reported).path("causes")) {
            List<String> columns = new ArrayList<>();
            cause.path("columns")
                    .forEach(one -> columns.add(one.path("column").asString() + ": "
                            + one.path("cause").asString("-")));
            causes.add(String.join(
                    " | ",
                    cause.path("kind").asString(),
                    String.join(", ", columns),
                    cause.path("cause").asString(""),
                    cause.path("keys").asString()));
        }
        assertThat(causes)
                .containsExactlyInAnyOrderElementsOf(texts(
                        "SELECT kind || ' | ' || coalesce(columns, '') || ' | ' || coalesce(cause, '') || ' | ' || count(*)"
                                + " FROM damage GROUP BY kind, columns, cause"));
    }

    private void assertSigned() {
        assertThat(posts.run("sign-off", "repaired", "--check").exitCode())
                .as("before anybody has signed")
                .isEqualTo(1);
        CommandRun signed = posts.run("sign-off", "repaired", "--by", "Ann", "--json");
        assertThat(signed.exitCode()).as(signed.out() + signed.err()).isZero();
        assertThat(RealPosts.lastLine(signed).path("signed_by").asString()).isEqualTo("Ann");
        assertThat(posts.run("sign-off", "repaired", "--check").exitCode()).isZero();
        CommandRun reported = posts.run("report", "repaired", "--json");
        assertThat(reported.exitCode()).isZero();
        assertThat(RealPosts.lastLine(reported)
                        .path("verdict")
                        .path("can_switch")
                        .asBoolean())
                .isTrue();
    }

    private long damaged(String kind) {
        return RealPosts.ask(posts.target, "SELECT count(*) FROM damage WHERE kind = '" + kind + "'");
    }

    private void assertClean(CommandRun verified) {
        assertThat(verified.exitCode()).as(verified.out()).isZero();
        assertThat(RealPosts.lastLine(verified)
                        .path("counters")
                        .path("rows.matched")
                        .asLong())
                .isEqualTo(RealPosts.COUNT);
        assertThat(RealPosts.digest(posts.target, ROW, "post", "true"))
                .isEqualTo(RealPosts.digest(posts.legacy, MAPPED, "posts", "true"));
    }
}
