package dev.backpop.standin;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers about things by their name: {@code /api/info}, a post's own page and the rest of its comments. Thread-safe. */
final class ThingAnswers {
    private static final int MOST_IDS = 100;
    private static final int COMMENTS = 200;
    private static final int MOST_COMMENTS = 500;
    private static final int DEEPEST = 10;
    private static final String POST_PREFIX = "t3_";

    private final Things things;
    private final Faults faults;
    private final String account;
    private final int childrenPerCall;

    ThingAnswers(Things things, Faults faults, String account, int childrenPerCall) {
        this.things = things;
        this.faults = faults;
        this.account = account;
        this.childrenPerCall = childrenPerCall;
    }

    /** By name in the order asked for, without a word about what is not there or not listed. */
    Reply info(Call call, String user) {
        String ids = call.parameter("id", "");
        String[] names = ids.isEmpty() ? new String[0] : ids.split(",", -1);
        if (names.length > MOST_IDS) {
            return tooManyIds();
        }
        Fault dropping = faults.metByIds(Misbehaviour.DROPPED_IDS, call.path());
        boolean isWrong = faults.met(Misbehaviour.WRONG_THING, call.path()) != null;
        ArrayNode children = Json.array();
        for (String text : names) {
            Fullname name = Fullname.parse(text.trim());
            ObjectNode data = name == null ? null : listed(isWrong ? other(name) : name);
            if (name != null && data != null && !Faults.drops(dropping, name.id())) {
                children.add(Json.thing(isWrong ? other(name).kind() : name.kind(), viewed(data, user)));
            }
        }
        return Reply.found(Json.listing(children, null, null));
    }

    private static Reply tooManyIds() {
        ArrayNode error = Json.array().add("TOO_MANY_THING_IDS");
        error.add("you can't ask for more than " + MOST_IDS + " things at once").add("id");
        ObjectNode json = Json.object();
        json.set("errors", Json.array().add(error));
        ObjectNode answer = Json.object();
        answer.set("json", json);
        return Reply.found(answer);
    }

    /** The data of what a list would have; null for the rest. */
    @Nullable
    ObjectNode listed(Fullname name) {
        ObjectNode data = switch (name.kind()) {
            case Fullname.POST -> things.post(name.id());
            case Fullname.COMMENT -> things.comment(name.id());
            case Fullname.CHANNEL -> things.channel(name.id());
            default -> null;
        };
        return data == null || isClosed(name, data) || !things.isListed(name) ? null : data;
    }

    private boolean isClosed(Fullname name, JsonNode data) {
        Fullname channel = name.kind().equals(Fullname.CHANNEL)
                ? name
                : Fullname.parse(data.path("subreddit_id").asString(""));
        return channel != null && things.isClosed(channel.id());
    }

    /** As a person sees it: with that person's own vote. */
    ObjectNode viewed(ObjectNode data, String user) {
        Fullname name = Fullname.parse(data.path("name").asString(""));
        if (name != null && !name.kind().equals(Fullname.CHANNEL)) {
            JsonNode recorded = data.path("likes");
            boolean isKnown = user.equals(account) && recorded.isBoolean();
            Boolean vote = user.isEmpty()
                    ? null
                    : things.likes(user, name, isKnown ? Boolean.valueOf(recorded.asBoolean()) : null);
            data.put("likes", vote);
        }
        return data;
    }

    /** Something that is not what was asked for. */
    private Fullname other(Fullname name) {
        LongStream ids = switch (name.kind()) {
            case Fullname.POST -> things.posts();
            case Fullname.COMMENT -> things.newestComments();
            default -> things.channels();
        };
        return new Fullname(
                name.kind(), ids.filter(id -> id != name.id()).findFirst().orElse(name.id()));
    }

    /**
     * A post and its comments, or those below one of them. Nothing is left out for being deleted or removed.
     *
     * @param comment null for all
     */
    Reply comments(Call call, String user, String post, @Nullable String comment) {
        OptionalLong asked = Fullname.number(post);
        if (asked.isEmpty()) {
            return Reply.notFound();
        }
        long id = faults.met(Misbehaviour.WRONG_THING, call.path()) == null
                ? asked.getAsLong()
                : other(new Fullname(Fullname.POST, asked.getAsLong())).id();
        ObjectNode data = things.post(id);
        if (data == null) {
            return Reply.notFound();
        }
        if (isClosed(new Fullname(Fullname.POST, id), data)) {
            return Reply.forbidden();
        }
        CommentTree tree = things.comments(id);
        int start = CommentTree.NONE;
        if (comment != null) {
            OptionalLong wanted = Fullname.number(comment);
            start = wanted.isEmpty() ? CommentTree.NONE : tree.indexOf(wanted.getAsLong());
            if (start == CommentTree.NONE) {
                return Reply.notFound();
            }
        }
        CommentPage page = new CommentPage(tree, id, viewer(user))
                .choose(
                        start,
                        call.parameter("sort"),
                        call.number("limit", COMMENTS, 1, MOST_COMMENTS),
                        call.number("depth", DEEPEST, 1, DEEPEST));
        ArrayNode posts = Json.array().add(Json.thing(Fullname.POST, viewed(data, user)));
        ArrayNode answer = Json.array().add(Json.listing(posts, null, null));
        return Reply.found(answer.add(Json.listing(page.nested(start), null, null)));
    }

    private Consumer<ObjectNode> viewer(String user) {
        return data -> {
            data.put("replies", "");
            viewed(data, user);
        };
    }

    /** Some of the comments asked for and of what is below them; what is left is in {@code more} nodes again. */
    Reply moreChildren(Call call, String user) {
        String link = call.parameter("link_id", "");
        Fullname post = Fullname.parse(link);
        if (post == null || !link.startsWith(POST_PREFIX)) {
            return Reply.notFound();
        }
        ObjectNode data = things.post(post.id());
        if (data == null) {
            return Reply.notFound();
        }
        if (isClosed(post, data)) {
            return Reply.forbidden();
        }
        CommentTree tree = things.comments(post.id());
        Fault dropping = faults.metByIds(Misbehaviour.DROPPED_CHILDREN, call.path());
        Set<Integer> asked = new LinkedHashSet<>();
        for (String child : call.parameter("children", "").split(",", -1)) {
            OptionalLong id = Fullname.number(child.trim());
            int index = id.isEmpty() ? CommentTree.NONE : tree.indexOf(id.getAsLong());
            if (index != CommentTree.NONE && !Faults.drops(dropping, id.getAsLong())) {
                asked.add(index);
            }
        }
        List<Integer> starts = asked.stream()
                .filter(comment -> !isBelowAnother(tree, comment, asked))
                .toList();
        CommentPage page = new CommentPage(tree, post.id(), viewer(user))
                .choose(starts, call.parameter("sort"), childrenPerCall, call.number("depth", DEEPEST, 1, DEEPEST));
        ObjectNode found = Json.object();
        found.set("things", page.flat());
        ObjectNode json = Json.object();
        json.set("errors", Json.array());
        json.set("data", found);
        ObjectNode answer = Json.object();
        answer.set("json", json);
        return Reply.found(answer);
    }

    /** It comes with that one's replies. */
    private static boolean isBelowAnother(CommentTree tree, int comment, Set<Integer> asked) {
        for (int above = tree.parent(comment); above != CommentTree.NONE; above = tree.parent(above)) {
            if (asked.contains(above)) {
                return true;
            }
        }
        return false;
    }
}
