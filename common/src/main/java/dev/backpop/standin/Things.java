package dev.backpop.standin;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a stand-in server has to tell of: posts, comments and channels by number, as its account sees them. Texts are not
 * escaped. Thread-safe; every answer is the caller's own to change.
 */
public interface Things extends AutoCloseable {
    /** The {@code data} of a post as its own page has it; null when there is none. */
    @Nullable
    ObjectNode post(long id);

    /** The {@code data} of a comment, without its replies; null when there is none. */
    @Nullable
    ObjectNode comment(long id);

    /** The {@code data} of a channel; null when there is none. */
    @Nullable
    ObjectNode channel(long id);

    /** A channel's number by its name in any case; null when there is none. */
    @Nullable
    Long channelNamed(String name);

    /** True when the account may not see the channel nor what is in it. */
    boolean isClosed(long channel);

    /**
     * False for what lists leave out, {@code /api/info} among them, though its own page has it: what its author deleted, what
     * was removed, and spam.
     */
    boolean isListed(Fullname thing);

    /** The comments of a post; empty when it has none or is not there. */
    CommentTree comments(long post);

    /** The numbers of a post's comments, in the order in which they were made; empty when it has none or is not there. */
    default LongStream commentsOf(long post) {
        CommentTree tree = comments(post);
        return IntStream.range(0, tree.size()).mapToLong(tree::id);
    }

    /** From the newest on. */
    LongStream posts();

    /** From the newest on. */
    LongStream postsOf(long channel);

    /** From the newest on. */
    LongStream newestComments();

    /** From the newest on. */
    LongStream channels();

    /**
     * How a person voted: true for up, false for down, null for not at all.
     *
     * @param recorded what the thing itself says, which is what the account would see
     */
    @Nullable
    Boolean likes(String user, Fullname thing, @Nullable Boolean recorded);

    /** The names of a channel's moderators beside the account, in order. */
    List<String> moderators(long channel);

    /** The names of a channel's contributors, in order. */
    List<String> contributors(long channel);

    @Override
    void close();
}
