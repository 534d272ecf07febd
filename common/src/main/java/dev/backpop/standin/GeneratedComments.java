package dev.backpop.standin;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Comment trees as a function of their post's number. Keeps the last few trees. Thread-safe. */
final class GeneratedComments {
    private static final int SLOT_BITS = 8;
    private static final int LARGE_BITS = 20;
    private static final long FIRST_LARGE = 1L << 40;
    private static final int KEPT_TREES = 64;
    private static final int LONGEST_TEXT = 10_000;

    private final GeneratedOptions options;
    private final GeneratedPosts posts;
    private final GeneratedChannels channels;
    private final Chance counts;
    private final Chance shapes;
    private final Chance states;
    private final Chance chance;
    private final Texts texts;
    private final Map<Long, CommentTree> trees = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, CommentTree> eldest) {
            return size() > KEPT_TREES;
        }
    });

    GeneratedComments(GeneratedOptions options, GeneratedPosts posts, GeneratedChannels channels) {
        this.options = options;
        this.posts = posts;
        this.channels = channels;
        Chance root = new Chance(options.seed()).of("comment");
        counts = root.of("count");
        shapes = root.of("shape");
        states = root.of("state");
        chance = root.of("other");
        texts = new Texts(root, options.plain());
    }

    /** How many comments a post has. */
    int count(long post) {
        if (!posts.exists(post) || posts.isAd(post)) {
            return 0;
        }
        Integer wanted = options.commentCounts().get(post);
        if (wanted != null) {
            return wanted;
        }
        double draw = counts.share(post);
        if (draw < 0.4) {
            return 0;
        }
        if (draw < 0.94) {
            return 1 + counts.below(12, ~post);
        }
        return isChain(post) ? 15 + counts.below(30, ~post) : 13 + counts.below(180, ~post);
    }

    /** One post in a hundred has a discussion of two people. */
    private boolean isChain(long post) {
        return counts.share(post) >= 0.99;
    }

    /** In one post of 50 the numbers fall as the discussion grows: that a parent's is lower is a habit, not a law. */
    private boolean isBackward(long post) {
        return !options.plain() && shapes.below(50, ~post) == 0;
    }

    private long first(long post) {
        return options.commentCounts().containsKey(post) ? FIRST_LARGE + (post << LARGE_BITS) : post << SLOT_BITS;
    }

    private long id(long post, int count, int index) {
        return first(post) + 1 + (isBackward(post) ? count - 1 - index : index);
    }

    CommentTree tree(long post) {
        CommentTree kept = trees.get(post);
        if (kept != null) {
            return kept;
        }
        CommentTree tree = make(post);
        trees.put(post, tree);
        return tree;
    }

    private CommentTree make(long post) {
        int count = count(post);
        long[] ids = new long[count];
        int[] parents = new int[count];
        long[] created = new long[count];
        int[] scores = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = id(post, count, i);
            parents[i] = parent(post, i);
            created[i] = second(post, i);
            scores[i] = score(ids[i]);
        }
        return new CommentTree(ids, parents, created, scores, List.of(), i -> data(post, i, ids[i], parents));
    }

    private int parent(long post, int index) {
        long draw = shapes.bits(first(post) + index) >>> 1;
        if (index == 0) {
            return CommentTree.NONE;
        }
        if (isChain(post)) {
            return draw % 20 == 0 ? CommentTree.NONE : index - 1;
        }
        return draw % 5 < 2 ? CommentTree.NONE : (int) (draw / 5 % index);
    }

    private long second(long post, int index) {
        return posts.second(post) + 30 + index;
    }

    private int score(long id) {
        int draw = chance.below(33, id);
        return draw == 0 ? -chance.below(50, ~id) : 1 + draw % 12;
    }

    ThingState state(long id) {
        return options.plain() ? ThingState.SHOWN : ThingState.of(states.share(id));
    }

    /** Null when there is no such comment. */
    @Nullable
    ObjectNode data(long id) {
        long post = id >= FIRST_LARGE ? (id - FIRST_LARGE) >> LARGE_BITS : id >> SLOT_BITS;
        if (options.commentCounts().containsKey(post) != id >= FIRST_LARGE) {
            return null;
        }
        CommentTree tree = tree(post);
        int index = tree.indexOf(id);
        return index == CommentTree.NONE ? null : tree.data(index);
    }

    private ObjectNode data(long post, int index, long id, int[] parents) {
        ThingState state = state(id);
        long channel = posts.channel(post);
        boolean moderated = channels.isModerated(channel);
        boolean isTaken = state == ThingState.REMOVED || state == ThingState.SPAM;
        boolean isHidden = isTaken && !moderated;
        String instead = GeneratedPosts.hiddenBody(state, isHidden);
        boolean isAuthorGone = !options.plain() && chance.of("author left").below(20, id) == 0;
        String body = instead != null ? instead : GeneratedThings.cut(texts.text(id, 60), LONGEST_TEXT);
        int parent = parents[index];
        BigDecimal created = GeneratedThings.seconds(second(post, index));
        ObjectNode data = Json.object();
        data.putNull("approved_by").put("archived", false);
        data.put("author", instead != null || isAuthorGone ? GeneratedPosts.NOBODY : GeneratedPosts.person(chance, id));
        data.putNull("author_flair_css_class").putNull("author_flair_text");
        GeneratedPosts.putBannedBy(data, state, moderated, id);
        data.put("body", body).put("body_html", GeneratedThings.html(body)).put("controversiality", 0);
        data.put("created", GeneratedThings.local(created)).put("created_utc", created);
        data.putNull("distinguished").put("downs", 0);
        GeneratedPosts.putEdited(data, chance.of("edited"), second(post, index), id, options.plain());
        data.put("gilded", 0).put("id", Fullname.text(id)).putNull("likes");
        data.put("link_id", new Fullname(Fullname.POST, post).toString()).set("mod_reports", Json.array());
        data.put("name", new Fullname(Fullname.COMMENT, id).toString());
        data.put("num_reports", moderated ? Integer.valueOf(0) : null);
        data.put(
                "parent_id",
                parent == CommentTree.NONE
                        ? new Fullname(Fullname.POST, post).toString()
                        : new Fullname(Fullname.COMMENT, id(post, parents.length, parent)).toString());
        data.putNull("removal_reason")
                .put("replies", "")
                .putNull("report_reasons")
                .put("saved", false);
        data.put("score", score(id)).put("score_hidden", !options.plain() && chance.below(40, id) == 3);
        data.put("subreddit", channels.name(channel));
        data.put("subreddit_id", new Fullname(Fullname.CHANNEL, channel).toString())
                .put("ups", score(id));
        data.set("user_reports", Json.array());
        return data;
    }
}
