package dev.backpop.legacy.reddit;

import dev.backpop.legacy.FailedRow;
import dev.backpop.legacy.LegacyUnavailableException;
import dev.backpop.legacy.reddit.api.Answer;
import dev.backpop.plan.From;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The comments of one post. A page holds some of them, and announces others: by id, or only that a thread goes on elsewhere.
 * Reads on until every comment that was announced was given, or asked for by itself and found absent. Holds the numbers of the
 * comments; they themselves go to the sink at once. For one thread.
 */
final class CommentTree {
    private static final String ELSEWHERE = "_";

    private final long post;
    private final ThingReader reader;
    private final ThingSink sink;
    private final Set<Long> given = new HashSet<>();
    private final Set<Long> announced = new LinkedHashSet<>();
    private final Set<Long> leftOut = new LinkedHashSet<>();
    private final Set<Long> continued = new LinkedHashSet<>();
    private final Set<Long> followed = new HashSet<>();
    private long following;

    CommentTree(long post, ThingReader reader, ThingSink sink) {
        this.post = post;
        this.reader = reader;
        this.sink = sink;
    }

    /** Reads all of it. Of a post that is not there nothing is said: it has no comments. */
    void read() {
        Answer answer = reader.tree(post);
        if (answer instanceof Answer.Forbidden forbidden) {
            sink.failed(CommentThings.failed(
                    CommentThings.tree(post),
                    FailedRow.Kind.FORBIDDEN,
                    "forbidden: the comments of post " + post + ": " + forbidden.reason()));
        } else if (answer instanceof Answer.Found found) {
            ThingReader.children(found.body()).forEach(this::add);
            while (!announced.isEmpty() || !continued.isEmpty() || !leftOut.isEmpty()) {
                if (!announced.isEmpty()) {
                    askForMore();
                } else if (!continued.isEmpty()) {
                    follow(next(continued));
                } else {
                    askForLeftOut();
                }
            }
        }
    }

    /** Asks for one comment by its own page, not for the rest of the tree. */
    void alone(long comment) {
        Answer answer = reader.thread(post, comment);
        if (answer instanceof Answer.Found found) {
            take((ObjectNode) ThingReader.children(found.body()).get(0).path("data"));
        } else if (answer instanceof Answer.Forbidden forbidden) {
            forbidden(comment, forbidden);
        } else if (answer instanceof Answer.Absent absent) {
            absent(comment, "not at its own page: " + absent.evidence());
        }
    }

    /** Takes a comment on; false when it is not one of this post, or not as trees have it. */
    boolean take(ObjectNode data) {
        // The form in which comments come in a mailbox has no link_id and no score.
        if (!data.has("score") || !data.has("link_id")) {
            return false;
        }
        long number = number(data.path("id"));
        String link = data.path("link_id").asString("");
        if (!ThingId.name(From.Thing.POSTS, post).equals(link)) {
            throw new LegacyUnavailableException("Reddit was asked for comments of post " + post
                    + " and answered with comment " + number + " of " + link);
        }
        data.remove("replies");
        if (given.add(number)) {
            sink.found(CommentThings.key(post, number), data);
        }
        announced.remove(number);
        leftOut.remove(number);
        return true;
    }

    private void add(JsonNode thing) {
        JsonNode data = thing.path("data");
        switch (thing.path("kind").asString("")) {
            case "t1" -> {
                JsonNode replies = data.path("replies");
                if (!(data instanceof ObjectNode comment && take(comment))) {
                    announce(number(data.path("id")));
                }
                if (replies.isObject()) {
                    ThingReader.children(replies).forEach(this::add);
                }
            }
            case "more" -> announce(data);
            default ->
                throw new LegacyUnavailableException(
                        "Reddit's comments of post " + post + " hold a thing of kind " + thing.path("kind"));
        }
    }

    private void announce(JsonNode more) {
        List<JsonNode> children = List.copyOf(more.path("children").values());
        children.forEach(child -> announce(number(child)));
        boolean elsewhere = ELSEWHERE.equals(more.path("id").asString(""));
        if (!children.isEmpty() || (!elsewhere && more.path("count").asLong(0) == 0)) {
            return;
        }
        String parent = more.path("parent_id").asString("");
        if (parent.startsWith(From.Thing.COMMENTS.kind() + "_")) {
            long number = ThingId.number(From.Thing.COMMENTS, parent);
            if (followed.add(number)) {
                continued.add(number);
            } else if (number == following) {
                unreachable("the replies of comment " + number + ", which its own page announces again");
            }
        } else {
            unreachable("the post announces comments without their ids");
        }
    }

    private void announce(long comment) {
        if (!given.contains(comment) && !leftOut.contains(comment)) {
            announced.add(comment);
        }
    }

    /** A server may give fewer comments than it is asked for: it is asked on for the rest while it gives some of them. */
    private void askForMore() {
        List<Long> some = announced.stream().limit(ThingReader.AT_ONCE).toList();
        reader.moreChildren(post, some).forEach(this::add);
        boolean moved = some.stream().anyMatch(given::contains);
        for (long comment : some) {
            if (announced.remove(comment)) {
                // To the end of the queue, or out of it.
                (moved ? announced : leftOut).add(comment);
            }
        }
    }

    private void follow(long parent) {
        Answer answer = reader.thread(post, parent);
        if (answer instanceof Answer.Found found) {
            following = parent;
            ThingReader.children(found.body()).forEach(this::add);
            following = 0;
        } else if (answer instanceof Answer.Forbidden forbidden) {
            unreachable("the replies of comment " + parent + ": " + forbidden.reason());
        } else if (answer instanceof Answer.Absent absent) {
            unreachable("the replies of comment " + parent + ", which were announced: " + absent.evidence());
        }
    }

    private void askForLeftOut() {
        List<Long> some = leftOut.stream().limit(ThingReader.AT_ONCE).toList();
        Map<Long, ObjectNode> found = reader.info(From.Thing.COMMENTS, some);
        for (long comment : some) {
            leftOut.remove(comment);
            if (given.contains(comment)) {
                continue;
            }
            // By its own page even when it is found, because only that has its replies.
            Answer answer = reader.thread(post, comment);
            ObjectNode data = found.get(comment);
            if (answer instanceof Answer.Found page) {
                ThingReader.children(page.body()).forEach(this::add);
                announced.remove(comment);
            }
            if (given.contains(comment) || (data != null && take(data))) {
                continue;
            }
            if (data != null || answer instanceof Answer.Found) {
                sink.failed(CommentThings.failed(
                        CommentThings.key(post, comment),
                        FailedRow.Kind.FAILED,
                        "comment " + comment + " comes only in its mailbox form, without link_id and score"));
            } else if (answer instanceof Answer.Forbidden forbidden) {
                forbidden(comment, forbidden);
            } else if (answer instanceof Answer.Absent absent) {
                absent(
                        comment,
                        "announced, but neither given by morechildren nor by /api/info nor at its own page: "
                                + absent.evidence());
            }
        }
    }

    private void forbidden(long comment, Answer.Forbidden forbidden) {
        sink.failed(CommentThings.failed(
                CommentThings.key(post, comment), FailedRow.Kind.FORBIDDEN, "forbidden: " + forbidden.reason()));
    }

    private void absent(long comment, String evidence) {
        sink.failed(CommentThings.failed(CommentThings.key(post, comment), FailedRow.Kind.ABSENT, evidence));
    }

    /** Kept as a reject of the whole tree, so that it can be tried again. */
    private void unreachable(String what) {
        sink.failed(
                CommentThings.failed(CommentThings.tree(post), FailedRow.Kind.FAILED, "cannot be read whole: " + what));
    }

    private long number(JsonNode id) {
        try {
            return ThingId.number(id.asString(""));
        } catch (IllegalArgumentException e) {
            throw new LegacyUnavailableException(
                    "Reddit's comments of post " + post + " hold a thing whose id cannot be: " + e.getMessage(), e);
        }
    }

    private static long next(Set<Long> numbers) {
        long next = numbers.iterator().next();
        numbers.remove(next);
        return next;
    }
}
