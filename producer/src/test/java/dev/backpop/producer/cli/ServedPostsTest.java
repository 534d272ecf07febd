package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/**
 * Moves real posts of reddit.com, served by a stand-in server, into the tables of Open Discussions. Their ids are 2.4 % of those up
 * to the newest, so they are named in a list. Of the 113,937 it takes every hundredth and all odd ones; {@code -Dbackpop.real.stride=1}
 * takes all.
 */
@Timeout(900)
class ServedPostsTest {
    private static final int STRIDE = Integer.getInteger("backpop.real.stride", 100);
    private static final String TITLE = unescaped("p.title");
    private static final String SELFTEXT = unescaped("p.selftext");
    private static final String CONTROL = "p.title || p.selftext ~ '[\\x01-\\x08\\x0b\\x0c\\x0e-\\x1f]'";
    private static final String ODD =
            "char_length(title) > 300 OR char_length(url) > 2048 OR char_length(selftext) > 40000"
                    + " OR edited = 'True' OR selftext = '[deleted]' OR (is_self = 'True' AND selftext = '')"
                    + " OR " + CONTROL
                    + " OR p.title || p.selftext LIKE '%&amp;lt;%' OR p.title || p.selftext LIKE '%&amp;amp;%'"
                    + " OR lower(subreddit) = 'computerforensics' OR p.title || p.selftext IS NOT NFC NORMALIZED";
    /** What the application does not know, which is a fiftieth of the channels. */
    private static final String UNKNOWN = "abs(hashtext(lower(subreddit))) % 50 = 0";
    /** A post as it must come out, by plain SQL of the published record. */
    private static final String MAPPED =
            "p.id10::bigint, (SELECT c.id FROM channel c WHERE lower(c.name) = lower(p.subreddit)),"
                    + " NULL::bigint, NULL::text, CASE p.is_self WHEN 'True' THEN 'self' ELSE 'link' END, " + TITLE
                    + ","
                    + " CASE p.is_self WHEN 'True' THEN NULL ELSE " + unescaped("p.url") + " END,"
                    + " CASE p.is_self WHEN 'True' THEN " + SELFTEXT + " ELSE nullif(" + SELFTEXT + ", '') END,"
                    + " p.score::bigint, p.num_comments::bigint, p.edited <> 'False',"
                    + " CASE WHEN p.edited IN ('True', 'False') THEN NULL ELSE to_timestamp(p.edited::numeric) END,"
                    + " false, p.selftext = '[deleted]', false, to_timestamp(p.created_utc::numeric)";

    private static final String ROW =
            "t.id, t.channel_id, t.author_id, t.legacy_author, t.post_type, t.title, t.url, t.text,"
                    + " t.score, t.num_comments, t.edited, t.edited_on, t.removed, t.deleted, t.locked, t.created_on";

    private DiscussionsMove move;

    private static String unescaped(String column) {
        return "replace(replace(replace(" + column + ", '&lt;', '<'), '&gt;', '>'), '&amp;', '&')";
    }

    @BeforeEach
    void serve() throws Exception {
        move = new DiscussionsMove("reddit-top-posts-sample.ndjson.gz");
        move.posts.load(move.database.url());
        move.database.run(
                "ALTER TABLE posts ADD number bigint",
                "UPDATE posts p SET number = place FROM (SELECT id10, row_number() OVER (ORDER BY id10::bigint) AS place FROM posts) n"
                        + " WHERE n.id10 = p.id10",
                "DELETE FROM posts p WHERE number % " + STRIDE + " <> 0 AND NOT (" + ODD + ")",
                "INSERT INTO channels_channel (name, membership_is_managed, moderator_notifications, created_on, updated_on)"
                        + " SELECT lower(subreddit), false, false, now(), now() FROM posts WHERE NOT (" + UNKNOWN
                        + ") GROUP BY lower(subreddit)");
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (move != null) {
            move.stop();
        }
    }

    private String list(String name, List<String> lines) throws IOException {
        Path list = Files.write(move.posts.folder.resolve(name), lines);
        return list.toString();
    }

    private String channels() throws SQLException, IOException {
        List<String> ids = move.database.ask("SELECT DISTINCT subreddit_id FROM posts").stream()
                .map(name -> Long.toString(Long.parseLong(name.substring(3), 36)))
                .toList();
        return list("channels.txt", ids);
    }

    @Test
    void real_posts_are_moved_and_verified() throws Exception {
        long posts = move.count("SELECT count(*) FROM posts");
        long unknown = move.count("SELECT count(*) FROM posts WHERE " + UNKNOWN);
        long channels = move.count("SELECT count(DISTINCT subreddit_id) FROM posts");
        String channelList = channels();
        String postList = list("posts.txt", move.database.ask("SELECT id10 FROM posts ORDER BY id10::bigint"));
        assertThat(unknown).isPositive();

        // One channel has two ids in the collection, and a name is there once.
        Map<String, JsonNode> moved =
                move.run(1, "backfill", "discussions.yaml", "--entity", "channel", "--ids", channelList);
        assertThat(DiscussionsMove.ends(moved, "channel")).isEqualTo("written " + (channels - 1) + ", rejected 1");
        assertThat(move.database.ask("SELECT constraint_name FROM backpop.reject"))
                .containsExactly("channel_name_once");

        long start = System.nanoTime();
        moved = move.run(0, "backfill", "discussions.yaml", "--entity", "post", "--ids", postList);
        long backfilled = System.nanoTime();
        assertThat(DiscussionsMove.ends(moved, "post"))
                .isEqualTo("written " + (posts - unknown) + ", excluded " + unknown);
        assertThat(move.database.ask("SELECT outcome, reason, sum(rows) FROM backpop.row_reason GROUP BY 1, 2"))
                .containsExactly("excluded|unknown channel|" + unknown);
        assertEqualToTheFile();
        assertThat(move.posts
                        .run(
                                "sequences",
                                move.posts.folder.resolve("discussions.yaml").toString(),
                                "--apply")
                        .exitCode())
                .isZero();

        long verifying = System.nanoTime();
        Map<String, JsonNode> verified =
                move.run(0, "verify", "discussions.yaml", "--entity", "post", "--ids", postList);
        long done = System.nanoTime();
        assertThat(DiscussionsMove.ends(verified, "post"))
                .isEqualTo("excluded " + unknown + ", matched " + (posts - unknown));
        rules();
        System.out.printf(
                "%d posts: %.1f s to move, %.1f s to verify%n",
                posts, (backfilled - start) / 1e9, (done - verifying) / 1e9);
    }

    private void assertEqualToTheFile() throws SQLException {
        assertThat(move.database.ask("SELECT p.id10, t.id FROM (SELECT * FROM posts WHERE NOT (" + UNKNOWN
                        + ")) p FULL JOIN post t ON t.id = p.id10::bigint WHERE (" + MAPPED + ") IS DISTINCT FROM ("
                        + ROW
                        + ") ORDER BY 1 LIMIT 5"))
                .isEmpty();
    }

    /** Of the things that a condition on the published records picks, each must have come out so. */
    private void rule(String rule, String condition, String outcome) throws SQLException {
        long things = move.count("SELECT count(*) FROM posts p WHERE NOT (" + UNKNOWN + ") AND (" + condition + ")");
        move.rule(
                rule,
                things,
                "SELECT p.id10, " + outcome + " FROM posts p JOIN post t ON t.id = p.id10::bigint WHERE (" + condition
                        + ") ORDER BY t.id");
    }

    private void rules() throws Exception {
        rule("1 base-36 id", "true", "'id ' || t.id");
        rule("3 created_utc is a text", "p.created_utc LIKE '%.0'", "'created_on ' || t.created_on");
        rule(
                "4 edited false",
                "p.edited = 'False'",
                "'edited ' || t.edited || ', edited_on ' || coalesce(t.edited_on::text, 'NULL')");
        rule(
                "4 edited true",
                "p.edited = 'True'",
                "'edited ' || t.edited || ', edited_on ' || coalesce(t.edited_on::text, 'NULL')");
        rule(
                "4 edited at a time",
                "p.edited NOT IN ('True', 'False')",
                "'edited ' || t.edited || ', edited_on ' || t.edited_on");
        rule("5 deleted", "p.selftext = '[deleted]'", "'deleted ' || t.deleted || ', text ' || t.text");
        rule(
                "5 author gone, text kept",
                "p.selftext <> '[deleted]'",
                "'deleted ' || t.deleted || ', author ' || coalesce(t.legacy_author, 'NULL')");
        rule("16 title over 300 while escaped", "char_length(p.title) > 300", "'title of ' || char_length(t.title)");
        rule(
                "16 escaped twice, unescaped once",
                "p.title || p.selftext LIKE '%&amp;lt;%' OR p.title || p.selftext LIKE '%&amp;amp;%'",
                "'kept'");
        rule(
                "17 text over 40,000 while escaped",
                "char_length(p.selftext) > 40000",
                "'text of ' || char_length(t.text)");
        rule("17 url over 2,048", "char_length(p.url) > 2048", "'url of ' || char_length(t.url)");
        rule("18 control characters", CONTROL, "'kept'");
        rule("18 not NFC", "p.title || p.selftext IS NOT NFC NORMALIZED", "'kept'");
        rule("19 blanks at the ends of a title", "p.title <> btrim(p.title)", "'kept'");
        rule(
                "19 empty text of a self post",
                "p.is_self = 'True' AND p.selftext = ''",
                "'text ' || coalesce('\"' || t.text || '\"', 'NULL')");
        move.writeRules("real-posts-rules.txt");
    }
}
