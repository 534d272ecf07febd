package dev.backpop.producer.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds the rows of the target against the things that they must have come from, row by row, by SQL of its own and without
 * any code that moves or verifies. Some hundred rows at a time are in memory.
 */
final class DemoThingRows {
    private static final long POSTS_AT_ONCE = 200;
    private static final int MOST_TOLD = 20;
    private static final String EDITED =
            "CASE WHEN edited_on IS NULL THEN edited::text ELSE extract(epoch FROM edited_on)::bigint::text END";
    private static final String CREATED = "extract(epoch FROM created_on)::bigint::text";

    private final DemoThings things;
    private final Connection target;
    private final List<String> differences = new ArrayList<>();
    private long different;

    DemoThingRows(DemoThings things, Connection target) {
        this.things = things;
        this.target = target;
    }

    /** What is otherwise than it must be: the first 20, and how many there are; empty when nothing is. */
    List<String> differences() throws SQLException {
        Map<Long, List<String>> channels = new HashMap<>();
        things.channelIds().forEach(id -> put(channels, id, things.channel(id)));
        compare(
                "channel",
                "SELECT id, id::text, name, title, description, channel_type, over_18::text, " + CREATED
                        + " FROM reddit_demo.channel WHERE id > ? AND id <= ?",
                0,
                Long.MAX_VALUE,
                channels);
        for (long after = 0; after < things.posts(); after += POSTS_AT_ONCE) {
            long last = after + POSTS_AT_ONCE < things.posts() ? after + POSTS_AT_ONCE : Long.MAX_VALUE;
            Map<Long, List<String>> posts = new HashMap<>();
            Map<Long, List<String>> comments = new HashMap<>();
            for (long id = after + 1; id <= Math.min(last, things.posts()); id++) {
                put(posts, id, things.post(id));
                comments.putAll(things.comments(id));
            }
            compare(
                    "post",
                    "SELECT id, id::text, channel_id::text, legacy_author, post_type, title,"
                            + " regexp_replace(url, '^[a-z]+://[^/]*', ''), text, score::text, num_comments::text, "
                            + EDITED
                            + ", removed::text, deleted::text, " + CREATED
                            + " FROM reddit_demo.post WHERE id > ? AND id <= ?",
                    after,
                    last,
                    posts);
            compare(
                    "comment",
                    "SELECT id, id::text, post_id::text, parent_id::text, legacy_author, text, score::text, " + EDITED
                            + ", removed::text, deleted::text, " + CREATED
                            + " FROM reddit_demo.comment WHERE post_id > ? AND post_id <= ?",
                    after,
                    last,
                    comments);
        }
        if (different > MOST_TOLD) {
            differences.add("and " + (different - MOST_TOLD) + " more rows are not as they must be");
        }
        return differences;
    }

    private static void put(Map<Long, List<String>> rows, long id, @Nullable List<String> row) {
        if (row != null) {
            rows.put(id, row);
        }
    }

    private void compare(String table, String query, long after, long last, Map<Long, List<String>> expected)
            throws SQLException {
        try (PreparedStatement statement = target.prepareStatement(query)) {
            statement.setLong(1, after);
            statement.setLong(2, last);
            try (ResultSet rows = statement.executeQuery()) {
                int columns = rows.getMetaData().getColumnCount();
                while (rows.next()) {
                    List<String> found = new ArrayList<>();
                    for (int i = 2; i <= columns; i++) {
                        String value = rows.getString(i);
                        found.add(value == null ? "NULL" : value);
                    }
                    List<String> wanted = expected.remove(rows.getLong(1));
                    if (!found.equals(wanted)) {
                        tell(table + " " + rows.getLong(1) + " should be "
                                + (wanted == null ? "nowhere" : wanted.toString()) + " and is " + found);
                    }
                }
            }
        }
        expected.values().forEach(wanted -> tell(table + " should be there and is not: " + wanted));
    }

    private void tell(String difference) {
        different++;
        if (different <= MOST_TOLD) {
            differences.add(difference);
        }
    }
}
