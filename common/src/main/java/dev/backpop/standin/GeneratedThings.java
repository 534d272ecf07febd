package dev.backpop.standin;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Things that are a function of a seed and their number, so that ten million need no memory: posts of every kind and state,
 * comment trees with chains deeper than an answer goes, channels. Thread-safe.
 *
 * <p>The comments of a post have numbers from 256 × the post's on; those of a post with a count of its own from
 * 2<sup>40</sup> + 2<sup>20</sup> × the post's.
 */
public final class GeneratedThings implements Things {
    static final long FIRST_SECOND = 1_300_000_000L;

    private final GeneratedChannels channels;
    private final GeneratedPosts posts;
    private final GeneratedComments comments;
    private final Chance votes;
    private final GeneratedOptions options;

    public GeneratedThings(GeneratedOptions options) {
        this.options = options;
        channels = new GeneratedChannels(options);
        posts = new GeneratedPosts(options, channels);
        comments = new GeneratedComments(options, posts, channels);
        votes = new Chance(options.seed()).of("votes");
    }

    /** A time as the API writes it, with a fraction that is always zero. */
    static BigDecimal seconds(long seconds) {
        return BigDecimal.valueOf(seconds * 10, 1);
    }

    /** The time that old servers gave as {@code created}: their local one. */
    static BigDecimal local(BigDecimal utc) {
        return utc.add(BigDecimal.valueOf(28_800));
    }

    static String html(String text) {
        return "<!-- SC_OFF --><div class=\"md\"><p>"
                + text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
                + "</p>\n</div><!-- SC_ON -->";
    }

    /** At most so many code points. */
    static String cut(String text, int most) {
        return text.codePointCount(0, text.length()) <= most
                ? text
                : text.substring(0, text.offsetByCodePoints(0, most));
    }

    @Override
    public @Nullable ObjectNode post(long id) {
        return posts.exists(id) ? posts.data(id, comments.count(id)) : null;
    }

    @Override
    public @Nullable ObjectNode comment(long id) {
        return comments.data(id);
    }

    @Override
    public @Nullable ObjectNode channel(long id) {
        return channels.exists(id) ? channels.data(id) : null;
    }

    @Override
    public @Nullable Long channelNamed(String name) {
        return channels.named(name);
    }

    @Override
    public boolean isClosed(long channel) {
        return channels.isClosed(channel);
    }

    @Override
    public boolean isListed(Fullname thing) {
        return switch (thing.kind()) {
            case Fullname.POST -> posts.state(thing.id()) == ThingState.SHOWN;
            case Fullname.COMMENT -> comments.state(thing.id()) == ThingState.SHOWN;
            default -> true;
        };
    }

    @Override
    public CommentTree comments(long post) {
        return comments.tree(post);
    }

    @Override
    public LongStream posts() {
        return LongStream.iterate(options.posts(), id -> id >= 1, id -> id - 1).filter(posts::exists);
    }

    @Override
    public LongStream postsOf(long channel) {
        return posts().filter(id -> posts.channel(id) == channel);
    }

    @Override
    public LongStream newestComments() {
        return posts().flatMap(post -> {
            CommentTree tree = comments.tree(post);
            return LongStream.range(0, tree.size()).map(i -> tree.id((int) (tree.size() - 1 - i)));
        });
    }

    @Override
    public LongStream channels() {
        return LongStream.iterate(options.channels(), id -> id >= 1, id -> id - 1);
    }

    @Override
    public @Nullable Boolean likes(String user, Fullname thing, @Nullable Boolean recorded) {
        double draw = votes.of(user).share(thing.toString().hashCode());
        return draw < 0.05 ? Boolean.FALSE : draw < 0.25 ? Boolean.TRUE : null;
    }

    @Override
    public List<String> moderators(long channel) {
        return channels.moderators(channel);
    }

    @Override
    public List<String> contributors(long channel) {
        return channels.contributors(channel);
    }

    @Override
    public void close() {}
}
