package dev.backpop.producer.demo;

import dev.backpop.standin.GeneratedOptions;
import dev.backpop.standin.GeneratedThings;
import dev.backpop.standin.Things;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The things that the demo's stand-in server tells of, and the row that each must become: straight from the function that
 * generates them, by rules written down here once more.
 */
final class DemoThings {
    static final int CHANNELS = 50;
    /** Of the post in the middle, which takes many answers. */
    private static final int MANY_COMMENTS = 600;

    private static final String NOBODY = "[deleted]";

    /**
     * How many numbers of an entity must come to what.
     *
     * @param rows in the target
     * @param forbidden of which the server says that the account may not see them; posts, where it is comments
     * @param excluded advertisements, and what is in users' profiles
     * @param absent numbers that were never given, or of channels that the account may not see
     */
    record Sums(long rows, long forbidden, long excluded, long absent) {
        long all() {
            return rows + forbidden + excluded + absent;
        }

        private Sums plus(End end, long count) {
            return switch (end) {
                case ROW -> new Sums(rows + count, forbidden, excluded, absent);
                case FORBIDDEN -> new Sums(rows, forbidden + count, excluded, absent);
                case EXCLUDED -> new Sums(rows, forbidden, excluded + count, absent);
                case ABSENT -> new Sums(rows, forbidden, excluded, absent + count);
            };
        }
    }

    private enum End {
        ROW,
        FORBIDDEN,
        EXCLUDED,
        ABSENT
    }

    private final GeneratedThings things;
    private final long posts;
    private final Map<String, Sums> sums = new LinkedHashMap<>();

    /** @param atMost the newest post; or the one before it that lists show, since nobody could know of a later one */
    DemoThings(long atMost) {
        GeneratedThings all = generated(atMost);
        long newest = atMost;
        while (newest > 1 && !isShown(all, newest)) {
            newest--;
        }
        posts = newest;
        things = generated(newest);
        count();
    }

    private static GeneratedThings generated(long posts) {
        return new GeneratedThings(GeneratedOptions.of(posts)
                .withChannels(CHANNELS)
                .withClosed(0.04)
                .withCommentCounts(Map.of(posts / 2, MANY_COMMENTS)));
    }

    private static boolean isShown(Things things, long id) {
        ObjectNode post = things.post(id);
        return post != null
                && end(things, post) == End.ROW
                && !NOBODY.equals(post.path("author").asString())
                && post.path("banned_by").isNull();
    }

    Things served() {
        return things;
    }

    /** The newest post's number. */
    long posts() {
        return posts;
    }

    Sums sums(String entity) {
        return sums.getOrDefault(entity, new Sums(0, 0, 0, 0));
    }

    private void count() {
        for (long id = 1; id <= CHANNELS; id++) {
            ObjectNode channel = things.channel(id);
            End end = channelEnd(things, id, channel);
            // Nobody can ask for a channel by its number alone: one that the list leaves out is not there for the
            // account.
            add("channel", end == End.FORBIDDEN ? End.ABSENT : end, 1);
        }
        for (long id = 1; id <= posts; id++) {
            ObjectNode post = things.post(id);
            End end = end(things, post);
            add("post", end, 1);
            long comments = things.commentsOf(id).count();
            switch (end) {
                case ROW, EXCLUDED -> add("comment", end, comments);
                case FORBIDDEN -> add("comment", end, 1);
                case ABSENT -> {
                    // No comment has a number that nobody has given.
                }
            }
        }
    }

    private void add(String entity, End end, long count) {
        sums.put(entity, sums(entity).plus(end, count));
    }

    private static End channelEnd(Things things, long id, @Nullable ObjectNode channel) {
        if (channel == null) {
            return End.ABSENT;
        }
        if (things.isClosed(id)) {
            return End.FORBIDDEN;
        }
        return channel.path("display_name").asString().startsWith("u_") ? End.EXCLUDED : End.ROW;
    }

    private static End end(Things things, @Nullable ObjectNode post) {
        if (post == null) {
            return End.ABSENT;
        }
        JsonNode channel = post.path("subreddit_id");
        if (!channel.isString()) {
            return End.EXCLUDED;
        }
        long id = number(channel.asString());
        return channelEnd(things, id, things.channel(id));
    }

    private static long number(String fullname) {
        return Long.parseLong(fullname.substring(3), 36);
    }

    /** The row that a channel must become, its values as text; null for none. */
    @Nullable
    List<String> channel(long id) {
        ObjectNode channel = things.channel(id);
        if (channel == null || channelEnd(things, id, channel) != End.ROW) {
            return null;
        }
        return List.of(
                Long.toString(id),
                clean(channel.path("display_name").asString()),
                clean(channel.path("title").asString()),
                clean(channel.path("description").asString()),
                clean(channel.path("subreddit_type").asString()),
                channel.path("over18").asString(),
                time(channel.path("created_utc")));
    }

    /** The row that a post must become, its values as text; null for none. */
    @Nullable
    List<String> post(long id) {
        ObjectNode post = things.post(id);
        if (post == null || end(things, post) != End.ROW) {
            return null;
        }
        boolean self = post.path("is_self").asBoolean();
        String text = clean(post.path("selftext").asString());
        String url = clean(post.path("url").asString());
        String author = clean(post.path("author").asString());
        return List.of(
                Long.toString(id),
                Long.toString(number(post.path("subreddit_id").asString())),
                author.equals(NOBODY) ? "NULL" : author,
                self ? "self" : "link",
                clean(post.path("title").asString()),
                // Of an address without a server the plan's own stands before it, whose number is another one every
                // time.
                self ? "NULL" : url.replaceFirst("^[a-z]+://[^/]*", ""),
                text.isEmpty() && !self ? "NULL" : text,
                post.path("score").asString(),
                post.path("num_comments").asString(),
                edited(post),
                Boolean.toString(!post.path("banned_by").isNull()),
                Boolean.toString(author.equals(NOBODY) && text.equals(NOBODY)),
                time(post.path("created_utc")));
    }

    /** The rows that the comments of a post must become, by their numbers. */
    Map<Long, List<String>> comments(long post) {
        Map<Long, List<String>> rows = new LinkedHashMap<>();
        if (end(things, things.post(post)) == End.ROW) {
            things.commentsOf(post).forEach(id -> {
                ObjectNode comment = things.comment(id);
                if (comment != null) {
                    rows.put(id, comment(post, id, comment));
                }
            });
        }
        return rows;
    }

    LongStream channelIds() {
        return LongStream.rangeClosed(1, CHANNELS);
    }

    private static List<String> comment(long post, long id, ObjectNode comment) {
        String parent = comment.path("parent_id").asString();
        String author = clean(comment.path("author").asString());
        String body = clean(comment.path("body").asString());
        return List.of(
                Long.toString(id),
                Long.toString(post),
                parent.startsWith("t1_") ? Long.toString(number(parent)) : "NULL",
                author.equals(NOBODY) ? "NULL" : author,
                body,
                comment.path("score").asString(),
                edited(comment),
                Boolean.toString(!comment.path("banned_by").isNull()),
                Boolean.toString(author.equals(NOBODY) && body.equals(NOBODY)),
                time(comment.path("created_utc")));
    }

    private static String edited(ObjectNode thing) {
        JsonNode edited = thing.path("edited");
        return edited.isNumber() ? time(edited) : edited.asString();
    }

    private static String time(JsonNode seconds) {
        return seconds.decimalValue().setScale(0, RoundingMode.UNNECESSARY).toPlainString();
    }

    /** As PostgreSQL takes it: without U+0000, and with U+FFFD for half a surrogate pair. */
    private static String clean(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints()
                .filter(point -> point != 0)
                .map(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE ? point : 0xFFFD)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }
}
