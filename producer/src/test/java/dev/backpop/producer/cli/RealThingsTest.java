package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Moves the 346 objects that Open Discussions recorded from its own Reddit server into its new tables, and holds what became of
 * each against the file, which is read here into a table of its own and mapped once more by plain SQL. The objects come of
 * many servers, each with other channels behind the same ids.
 */
@Timeout(300)
class RealThingsTest {
    private static final String FILE = "opendiscussions-things.ndjson.gz";
    private static final String KNOWN =
            " EXISTS (SELECT FROM channels_channel o JOIN channel c ON lower(c.name) = lower(o.name)"
                    + " WHERE lower(o.name) = lower(t.data ->> 'subreddit')) ";
    private static final String RECORDED = " EXISTS (SELECT FROM thing c WHERE c.kind = 't5'"
            + " AND lower(c.data ->> 'display_name') = lower(t.data ->> 'subreddit')) ";
    private static final String COMMON = "(SELECT id FROM auth_user WHERE lower(username) = lower(data ->> 'author')),"
            + " nullif(data ->> 'author', '[deleted]'), (data ->> 'score')::bigint, data ->> 'edited' <> 'false',"
            + " CASE WHEN data ->> 'edited' <> 'false' THEN to_timestamp((data ->> 'edited')::numeric) END,"
            + " data ->> 'banned_by' IS NOT NULL, to_timestamp((data ->> 'created_utc')::numeric)";
    private static final String COMMON_ROW = "author_id, legacy_author, score, edited, edited_on, removed, created_on";
    private static final String POST =
            "SELECT id, (SELECT id FROM channel WHERE lower(name) = lower(data ->> 'subreddit')),"
                    + " CASE WHEN data ->> 'is_self' = 'false' THEN 'link' WHEN id = 37 THEN 'article' ELSE 'self' END, data ->> 'title',"
                    + " CASE WHEN data ->> 'is_self' = 'false' THEN data ->> 'url' END,"
                    + " CASE WHEN data ->> 'is_self' = 'true' AND id <> 37 THEN data ->> 'selftext' END,"
                    + " (data ->> 'num_comments')::bigint, false, (data ->> 'stickied')::boolean, (data ->> 'locked')::boolean, "
                    + COMMON + " FROM thing t WHERE kind = 't3' AND" + KNOWN;
    private static final String POST_ROW =
            "SELECT id, channel_id, post_type, title, url, text, num_comments, deleted, stickied," + " locked, "
                    + COMMON_ROW + " FROM post";
    private static final String COMMENT = "SELECT id, post, parent, data ->> 'body',"
            + " data ->> 'author' = '[deleted]' AND data ->> 'body' = '[deleted]', " + COMMON
            + " FROM thing t WHERE kind = 't1' AND" + KNOWN;
    private static final String COMMENT_ROW =
            "SELECT id, post_id, parent_id, text, deleted, " + COMMON_ROW + " FROM comment";
    /** A reply to a comment of another post, and all below it. */
    private static final String ORPHANS =
            "WITH RECURSIVE orphan AS (SELECT id FROM thing t WHERE kind = 't1' AND parent IS NOT NULL"
                    + " AND NOT EXISTS (SELECT FROM thing p WHERE p.kind = 't1' AND p.id = t.parent AND p.post = t.post)"
                    + " UNION SELECT t.id FROM thing t JOIN orphan ON t.kind = 't1' AND t.parent = orphan.id) SELECT id FROM orphan";

    private DiscussionsMove move;

    @BeforeEach
    void serve() throws Exception {
        move = new DiscussionsMove(FILE);
        readFile();
        // Four of the people are not users of the application, and one is spelled otherwise there.
        move.database.run(
                "INSERT INTO auth_user (username) SELECT CASE WHEN place = 5 THEN lower(author) ELSE author END FROM (SELECT author,"
                        + " row_number() OVER (ORDER BY author) AS place FROM (SELECT DISTINCT data ->> 'author' AS author FROM thing"
                        + " WHERE kind IN ('t1', 't3') AND data ->> 'author' <> '[deleted]') a) b WHERE place > 4",
                know("SELECT upper(data ->> 'display_name') AS name FROM thing WHERE kind = 't5'"),
                // An article, whose self post on Reddit is empty.
                "INSERT INTO channels_post (channel_id, post_id, exclude_from_frontpage_emails, created_on, updated_on)"
                        + " SELECT min(id), 37, true, now(), now() FROM channels_channel",
                "INSERT INTO channels_article (author_id, post_id, content, created_on, updated_on)"
                        + " SELECT (SELECT min(id) FROM auth_user), id, '[]', now(), now() FROM channels_post");
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (move != null) {
            move.stop();
        }
    }

    private static String know(String names) {
        return "INSERT INTO channels_channel (name, membership_is_managed, moderator_notifications, created_on, updated_on)"
                + " SELECT name, false, false, now(), now() FROM (" + names + ") n";
    }

    private void readFile() throws SQLException, IOException {
        move.database.run("CREATE TABLE thing (kind text, id bigint, post bigint, parent bigint, data jsonb)");
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                        new GZIPInputStream(Files.newInputStream(move.posts.records.resolve(FILE))),
                        StandardCharsets.UTF_8));
                Connection connection = move.database.connect();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO thing VALUES (?, ?, ?, ?, ?::jsonb)")) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode thing = JsonMapper.shared().readTree(line);
                JsonNode data = thing.path("data");
                insert.setString(1, thing.path("kind").asString());
                insert.setObject(2, number("", data.path("id").asString()));
                insert.setObject(3, number("t3_", data.path("link_id").asString("")));
                insert.setObject(4, number("t1_", data.path("parent_id").asString("")));
                insert.setString(5, data.toString());
                insert.executeUpdate();
            }
        }
    }

    private static @Nullable Long number(String kind, String name) {
        return name.startsWith(kind) && name.length() > kind.length() && !name.endsWith("_")
                ? Long.valueOf(Long.parseLong(name.substring(kind.length()), 36))
                : null;
    }

    private long things(String kind, String condition) throws SQLException {
        return move.count("SELECT count(*) FROM thing t WHERE kind = '" + kind + "' AND " + condition);
    }

    /** Rows that only one of the two has. */
    private void assertSame(String mapped, String rows) throws SQLException {
        assertThat(move.database.ask(
                        "(" + mapped + " EXCEPT " + rows + ") UNION ALL (" + rows + " EXCEPT " + mapped + ")"))
                .isEmpty();
    }

    @Test
    void every_recorded_object_arrives_or_has_its_reason() throws Exception {
        assertThat(move.count("SELECT count(*) FROM thing")).isEqualTo(346);
        onlyKnownChannels();
        allChannels();
        trees();
        rules();
    }

    /** The application knows the channels that were recorded, and no others. */
    private void onlyKnownChannels() throws Exception {
        long channels = things("t5", "true");
        long posts = things("t3", "true");
        long comments = things("t1", "true");
        long postsKnown = things("t3", RECORDED);
        long commentsKnown = things("t1", RECORDED);
        long lastChannel = move.count("SELECT max(id) FROM thing WHERE kind = 't5'");
        long lastPost = move.count("SELECT max(id) FROM thing WHERE kind = 't3'");

        Map<String, JsonNode> moved = move.run(0, "backfill", "discussions.yaml");

        assertThat(Map.of(
                        "channel", DiscussionsMove.ends(moved, "channel"),
                        "post", DiscussionsMove.ends(moved, "post"),
                        "comment", DiscussionsMove.ends(moved, "comment")))
                .containsOnly(
                        entry("channel", "written " + channels + ", absent " + (lastChannel - channels)),
                        entry(
                                "post",
                                "written " + postsKnown + ", excluded " + (posts - postsKnown) + ", absent "
                                        + (lastPost - posts)),
                        entry(
                                "comment",
                                "written " + commentsKnown + ", excluded " + (comments - commentsKnown)
                                        + ", absent 2"));
        assertThat(move.count("SELECT count(*) FROM channel")).isEqualTo(channels);
        assertSame(POST, POST_ROW);
        assertSame(COMMENT, COMMENT_ROW);
        assertThat(move.database.ask(
                        "SELECT outcome, reason, sum(rows) FROM backpop.row_reason WHERE outcome = 'excluded'"
                                + " GROUP BY 1, 2"))
                .containsExactly("excluded|unknown channel|" + (posts - postsKnown + comments - commentsKnown));
    }

    /** The application learns of the others, and what was excluded comes, but for replies whose parent is another post's. */
    private void allChannels() throws Exception {
        long before = move.count("SELECT count(*) FROM comment");
        move.database.run(
                know("SELECT DISTINCT data ->> 'subreddit' AS name FROM thing t WHERE kind IN ('t1', 't3') AND NOT"
                        + KNOWN),
                "INSERT INTO channel (id, name, channel_type, allowed_post_types, created_on, updated_on) SELECT 1000000 + o.id,"
                        + " o.name, 'public', 3, now(), now() FROM channels_channel o"
                        + " WHERE NOT EXISTS (SELECT FROM channel c WHERE lower(c.name) = lower(o.name))");
        long comments = things("t1", "true");
        long orphans = move.count("SELECT count(*) FROM (" + ORPHANS + ") o");
        String comment =
                move.database.ask("SELECT min(id) FROM (" + ORPHANS + ") o").get(0);

        Map<String, JsonNode> moved =
                move.run(1, "backfill", "discussions.yaml", "--entity", "post", "--entity", "comment");

        assertThat(DiscussionsMove.ends(moved, "post")).isEqualTo("written 51, unchanged 113, absent 346");
        assertThat(DiscussionsMove.ends(moved, "comment"))
                .isEqualTo("written " + (comments - before - orphans) + ", unchanged " + before + ", rejected "
                        + orphans + ", absent 2");
        assertSame(POST, POST_ROW);
        assertSame(COMMENT + " AND id NOT IN (" + ORPHANS + ")", COMMENT_ROW);
        assertThat(move.database.ask(
                        "SELECT key ->> 1, constraint_name, message LIKE 'parent absent: % refers to [1, 20] of %'"
                                + " OR message LIKE 'parent rejected: % refers to [1, %] of %, which is a reject itself%'"
                                + " FROM backpop.reject"))
                .containsExactlyInAnyOrderElementsOf(
                        move.database.ask("SELECT id, 'comment_parent_of_same_post', true FROM (" + ORPHANS + ") o"));
        assertThat(move.database.ask("SELECT key ->> 1 FROM backpop.reject WHERE message LIKE 'parent absent%'"))
                .containsExactly(comment);
        assertThat(move.database.ask("SELECT DISTINCT outcome, reason, example FROM backpop.row_reason"
                        + " WHERE campaign_id LIKE 'comment-%' AND outcome = 'absent'"))
                .as("of four that a node announces, two were not recorded")
                .containsExactly(
                        "absent|announced, but neither given by morechildren nor by /api/info nor at its own page:"
                                + " 404 Not Found|[1, " + number("", "e9n") + "]");

        move.run(0, "sequences", "discussions.yaml", "--apply");
        Map<String, JsonNode> verified =
                move.run(1, "verify", "discussions.yaml", "--entity", "post", "--entity", "comment");

        assertThat(DiscussionsMove.ends(verified, "post")).isEqualTo("absent 346, matched 164");
        assertThat(DiscussionsMove.ends(verified, "comment"))
                .isEqualTo("absent 2, matched " + (comments - orphans) + ", missing " + orphans);
    }

    private void trees() throws Exception {
        long nodes = move.count("SELECT (SELECT count(*) FROM post) + (SELECT count(*) FROM comment)");

        Map<String, JsonNode> moved = move.run(0, "backfill", "discussions-nodes.yaml");
        Map<String, JsonNode> verified = move.run(0, "verify", "discussions-nodes.yaml");

        for (String order : List.of("comment_node_new", "comment_node_old", "comment_node_best")) {
            assertThat(DiscussionsMove.ends(moved, order)).isEqualTo("written " + nodes);
            assertThat(DiscussionsMove.ends(verified, order)).isEqualTo("matched " + nodes);
        }
        // By a sort of its own: a walk that takes the times of creation of all above a comment, and its own, for its
        // place.
        assertThat(move.database.ask(
                        "WITH RECURSIVE walk AS (SELECT id, post_id, ARRAY[(created_on, id)] AS place FROM comment"
                                + " WHERE parent_id IS NULL UNION ALL SELECT c.id, c.post_id, place || (c.created_on, c.id) FROM comment c"
                                + " JOIN walk w ON c.parent_id = w.id) SELECT count(*) FROM (SELECT id, row_number() OVER"
                                + " (PARTITION BY post_id ORDER BY place) AS n FROM walk) w JOIN (SELECT comment_id AS id, row_number() OVER"
                                + " (PARTITION BY post_id ORDER BY path) AS n FROM comment_node_old WHERE comment_id IS NOT NULL) o"
                                + " USING (id, n)"))
                .containsExactly(Long.toString(move.count("SELECT count(*) FROM comment")));
    }

    private void post(String rule, String condition, String outcome) throws SQLException {
        rule(rule, "t3", "post", condition, outcome);
    }

    private void comment(String rule, String condition, String outcome) throws SQLException {
        rule(rule, "t1", "comment", condition, outcome);
    }

    /** Of the things that a condition on the recorded objects picks. */
    private void rule(String rule, String kind, String table, String condition, String outcome) throws SQLException {
        move.rule(
                rule,
                things(kind, condition),
                "SELECT t.data ->> 'name', " + outcome + " FROM thing t LEFT JOIN " + table
                        + " r USING (id) WHERE t.kind = '" + kind + "' AND " + condition + " ORDER BY t.id");
    }

    private void rules() throws Exception {
        String user = "EXISTS (SELECT FROM auth_user WHERE lower(username) = lower(t.data ->> 'author'))";
        post("1 base-36 id", "true", "'id ' || r.id");
        post("2 created_utc", "data ->> 'created' = data ->> 'created_utc'", "'created_on ' || r.created_on");
        comment("4 edited false", "data ->> 'edited' = 'false'", "'edited ' || r.edited");
        comment("5 deleted", "data ->> 'author' = '[deleted]'", "'deleted ' || r.deleted || ', text ' || r.text");
        post("6 removed", "data ->> 'banned_by' IS NOT NULL", "'removed ' || r.removed || ', text kept'");
        comment("6 removed", "data ->> 'banned_by' IS NOT NULL", "'removed ' || r.removed || ', text kept'");
        post(
                "7 author known, in other letters",
                "NOT EXISTS (SELECT FROM auth_user WHERE username = t.data ->> 'author') AND " + user,
                "'author_id ' || CASE WHEN r.author_id IS NULL THEN 'NULL' ELSE 'found' END");
        post(
                "7 author unknown",
                "NOT " + user,
                "'author_id ' || coalesce(r.author_id::text, 'NULL') || ', legacy_author ' || r.legacy_author");
        post("8 channel unknown", "NOT" + RECORDED, "'excluded as unknown channel'");
        comment("8 channel unknown", "NOT" + RECORDED, "'excluded as unknown channel'");
        post("8 channel in other letters", RECORDED, "'channel_id ' || r.channel_id");
        post(
                "10 num_comments is not the rows",
                "(data ->> 'num_comments')::bigint <> (SELECT count(*) FROM comment c WHERE c.post_id = t.id)",
                "'num_comments ' || r.num_comments || ', rows ' || (SELECT count(*) FROM comment c WHERE c.post_id = r.id)");
        move.rule(
                "12 more: announced, but gone",
                2,
                "SELECT name, 'absent: 404 at its own page' FROM (VALUES ('t1_e9n'), ('t1_e9q')) a (name)");
        move.rule(
                "12 more: continue",
                things("more", "data ->> 'id' = '_'"),
                "SELECT 'below ' || (data ->> 'parent_id'), 'followed: nothing there' FROM thing WHERE kind = 'more'"
                        + " AND data ->> 'id' = '_'");
        comment(
                "13 orphan",
                "id IN (" + ORPHANS + ")",
                "(SELECT CASE WHEN message LIKE 'parent absent%' THEN 'reject: parent absent' ELSE 'reject: parent rejected'"
                        + " END FROM backpop.reject j WHERE j.key = jsonb_build_array(t.post::text, t.id::text)"
                        + " OR j.key = jsonb_build_array(t.post, t.id))");
        comment(
                "B2 below a post whose number is a comment's too",
                "parent IS NULL AND EXISTS (SELECT FROM thing c WHERE c.kind = 't1' AND c.id = t.post)",
                "'parent_id ' || coalesce(r.parent_id::text, 'NULL')");
        post(
                "19 empty text of a self post",
                "data ->> 'selftext' = '' AND data ->> 'is_self' = 'true' AND id <> 37",
                "'text \"' || r.text || '\"'");
        post("B2 article", "id = 37", "r.post_type || ', text ' || coalesce(r.text, 'NULL')");
        move.writeRules("real-things-rules.txt");
    }
}
