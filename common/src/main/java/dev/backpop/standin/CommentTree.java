package dev.backpop.standin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The comments of one post. A comment is a number from 0 in the order of the arrays, in which parents come before their
 * replies; {@link #NONE} stands for the post itself. Immutable and thread-safe.
 */
final class CommentTree {
    static final int NONE = -1;
    static final CommentTree EMPTY = new CommentTree(new long[0], new int[0], new long[0], new int[0], List.of(), i -> {
        throw new IndexOutOfBoundsException(i);
    });

    private final long[] ids;
    private final int[] parents;
    private final long[] created;
    private final int[] scores;
    private final List<ObjectNode> recordedMores;
    private final IntFunction<ObjectNode> data;
    /** Where each comment's replies start in {@link #replies}; those of the post come first. */
    private final int[] starts;

    private final int[] replies;
    private final int[] sizes;
    private final Map<Long, Integer> indexes;

    /**
     * @param parents of each comment, {@link #NONE} or a lower index
     * @param recordedMores the {@code data} of nodes that stand where a server left comments out
     * @param data of a comment by its index, new at every call
     */
    CommentTree(
            long[] ids,
            int[] parents,
            long[] created,
            int[] scores,
            List<ObjectNode> recordedMores,
            IntFunction<ObjectNode> data) {
        this.ids = ids;
        this.parents = parents;
        this.created = created;
        this.scores = scores;
        this.recordedMores = recordedMores;
        this.data = data;
        starts = new int[ids.length + 2];
        for (int parent : parents) {
            starts[parent + 2]++;
        }
        for (int i = 1; i < starts.length; i++) {
            starts[i] += starts[i - 1];
        }
        replies = new int[ids.length];
        int[] next = Arrays.copyOf(starts, starts.length);
        sizes = new int[ids.length];
        indexes = new HashMap<>(ids.length * 2);
        for (int i = 0; i < ids.length; i++) {
            if (parents[i] >= i) {
                throw new IllegalArgumentException("comment " + i + " comes before its parent " + parents[i]);
            }
            replies[next[parents[i] + 1]++] = i;
            indexes.put(ids[i], i);
        }
        for (int i = ids.length - 1; i >= 0; i--) {
            sizes[i]++;
            if (parents[i] != NONE) {
                sizes[parents[i]] += sizes[i];
            }
        }
    }

    int size() {
        return ids.length;
    }

    long id(int comment) {
        return ids[comment];
    }

    int parent(int comment) {
        return parents[comment];
    }

    /** The comment and everything below it. */
    int sizeWithReplies(int comment) {
        return sizes[comment];
    }

    /** {@link #NONE} when it is not a comment of this post. */
    int indexOf(long id) {
        return indexes.getOrDefault(id, NONE);
    }

    boolean hasReplies(int comment) {
        return starts[comment + 2] > starts[comment + 1];
    }

    List<Integer> replies(int comment) {
        List<Integer> list = new ArrayList<>();
        for (int i = starts[comment + 1]; i < starts[comment + 2]; i++) {
            list.add(replies[i]);
        }
        return list;
    }

    /** Where a comment stands in an order; what is lower comes first. */
    long rank(int comment, @Nullable String sort) {
        if ("new".equals(sort)) {
            return -created[comment];
        }
        return "old".equals(sort) ? created[comment] : -scores[comment];
    }

    List<ObjectNode> recordedMores() {
        return recordedMores;
    }

    ObjectNode data(int comment) {
        return data.apply(comment);
    }
}
