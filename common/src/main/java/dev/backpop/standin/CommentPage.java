package dev.backpop.standin;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * As many comments of a post as one answer holds: the best by the order asked for, wherever in the tree they stand below one
 * that is shown, then a {@code more} for what did not fit and a "continue this thread" below what is too deep. Not
 * thread-safe.
 */
final class CommentPage {
    private static final String CHILDREN = "children";

    private record Candidate(int comment, int depth, long rank) {}

    private final CommentTree tree;
    private final long post;
    private final Consumer<ObjectNode> viewed;
    private final Map<Integer, List<Integer>> shown = new HashMap<>();
    private final Map<Integer, List<Integer>> leftOut = new LinkedHashMap<>();
    private final BitSet tooDeep = new BitSet();
    private final Map<Integer, List<ObjectNode>> recorded = new HashMap<>();

    /**
     * @param viewed is given each comment's data before it is shown
     */
    CommentPage(CommentTree tree, long post, Consumer<ObjectNode> viewed) {
        this.tree = tree;
        this.post = post;
        this.viewed = viewed;
    }

    /** Chooses from all comments, leaving out what the recording server left out. */
    CommentPage choose(int start, @Nullable String sort, int limit, int depth) {
        BitSet heldBack = new BitSet();
        for (ObjectNode more : tree.recordedMores()) {
            int parent = parentOf(more);
            JsonNode children = more.path(CHILDREN);
            if (children.isEmpty() && parent == start) {
                continue;
            }
            recorded.computeIfAbsent(parent, p -> new ArrayList<>()).add(more);
            for (JsonNode child : children) {
                OptionalLong id = Fullname.number(child.asString());
                int index = id.isPresent() ? tree.indexOf(id.getAsLong()) : CommentTree.NONE;
                if (index != CommentTree.NONE && index != start) {
                    heldBack.set(index);
                }
            }
        }
        List<Integer> starts = start == CommentTree.NONE ? tree.replies(CommentTree.NONE) : List.of(start);
        return choose(starts, sort, limit, depth, heldBack);
    }

    /** Chooses from these comments and what is below them. */
    CommentPage choose(List<Integer> starts, @Nullable String sort, int limit, int depth) {
        return choose(starts, sort, limit, depth, new BitSet());
    }

    private CommentPage choose(List<Integer> starts, @Nullable String sort, int limit, int depth, BitSet heldBack) {
        PriorityQueue<Candidate> candidates =
                new PriorityQueue<>(Comparator.comparingLong(Candidate::rank).thenComparingInt(Candidate::comment));
        add(candidates, starts, 0, sort, heldBack);
        for (int count = 0; count < limit && !candidates.isEmpty(); count++) {
            Candidate best = candidates.remove();
            shown.computeIfAbsent(tree.parent(best.comment()), p -> new ArrayList<>())
                    .add(best.comment());
            if (best.depth() + 1 < depth) {
                add(candidates, tree.replies(best.comment()), best.depth() + 1, sort, heldBack);
            } else if (tree.hasReplies(best.comment())) {
                tooDeep.set(best.comment());
            }
        }
        while (!candidates.isEmpty()) {
            int comment = candidates.remove().comment();
            leftOut.computeIfAbsent(tree.parent(comment), p -> new ArrayList<>())
                    .add(comment);
        }
        return this;
    }

    private void add(
            PriorityQueue<Candidate> candidates,
            List<Integer> comments,
            int depth,
            @Nullable String sort,
            BitSet heldBack) {
        for (int comment : comments) {
            if (!heldBack.get(comment)) {
                candidates.add(new Candidate(comment, depth, tree.rank(comment, sort)));
            }
        }
    }

    /** The comments as trees, below the post or the one comment with which they start. */
    ArrayNode nested(int start) {
        ArrayNode children = Json.array();
        if (start == CommentTree.NONE) {
            below(CommentTree.NONE, children);
        } else {
            children.add(nestedComment(start));
        }
        return children;
    }

    private ObjectNode nestedComment(int comment) {
        ObjectNode data = data(comment);
        ArrayNode children = Json.array();
        below(comment, children);
        if (!children.isEmpty()) {
            data.set("replies", Json.listing(children, null, null));
        }
        return Json.thing(Fullname.COMMENT, data);
    }

    private void below(int parent, ArrayNode children) {
        for (int comment : shown.getOrDefault(parent, List.of())) {
            children.add(nestedComment(comment));
        }
        mores(parent, children);
    }

    /** The comments one after the other, as {@code morechildren} has them. */
    ArrayNode flat() {
        ArrayNode things = Json.array();
        List<Integer> parents = new ArrayList<>(shown.keySet());
        parents.addAll(leftOut.keySet());
        parents.stream()
                .distinct()
                .filter(parent -> parent == CommentTree.NONE || !isShown(parent))
                .forEach(parent -> flatBelow(parent, things));
        return things;
    }

    private boolean isShown(int comment) {
        return shown.getOrDefault(tree.parent(comment), List.of()).contains(comment);
    }

    private void flatBelow(int parent, ArrayNode things) {
        for (int comment : shown.getOrDefault(parent, List.of())) {
            things.add(Json.thing(Fullname.COMMENT, data(comment)));
            flatBelow(comment, things);
        }
        mores(parent, things);
    }

    private ObjectNode data(int comment) {
        ObjectNode data = tree.data(comment);
        viewed.accept(data);
        return data;
    }

    private void mores(int parent, ArrayNode children) {
        List<Integer> left = leftOut.getOrDefault(parent, List.of());
        if (!left.isEmpty()) {
            children.add(Json.thing("more", more(parent, left)));
        }
        if (parent != CommentTree.NONE && tooDeep.get(parent)) {
            ObjectNode data = Json.object().put("count", 0).put("id", "_").put("name", "t1__");
            data.put("parent_id", name(parent));
            data.set(CHILDREN, Json.array());
            children.add(Json.thing("more", data));
        }
        for (ObjectNode more : recorded.getOrDefault(parent, List.of())) {
            children.add(Json.thing("more", more.deepCopy()));
        }
    }

    private ObjectNode more(int parent, List<Integer> left) {
        ArrayNode ids = Json.array();
        int count = 0;
        for (int comment : left) {
            ids.add(Fullname.text(tree.id(comment)));
            count += tree.sizeWithReplies(comment);
        }
        String first = Fullname.text(tree.id(left.get(0)));
        ObjectNode data = Json.object().put("count", count).put("id", first).put("name", "t1_" + first);
        data.put("parent_id", name(parent));
        data.set(CHILDREN, ids);
        return data;
    }

    private String name(int comment) {
        return comment == CommentTree.NONE
                ? new Fullname(Fullname.POST, post).toString()
                : new Fullname(Fullname.COMMENT, tree.id(comment)).toString();
    }

    private int parentOf(ObjectNode more) {
        Fullname parent = Fullname.parse(more.path("parent_id").asString(""));
        return parent == null || !parent.kind().equals(Fullname.COMMENT) ? CommentTree.NONE : tree.indexOf(parent.id());
    }
}
