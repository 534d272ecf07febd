package dev.backpop.standin;

import java.util.Map;

/**
 * What generated things are like.
 *
 * @param seed the same seed gives the same things, whatever else is asked in between
 * @param posts the newest post's number
 * @param channels the newest channel's number
 * @param density the share of numbers up to the newest that have a post, above 0 and at most 1
 * @param moderated the share of channels that the account moderates, in which it can see what was removed
 * @param closed the share of channels that the account may not see
 * @param plain true for nothing but posts and comments that are there and are seen by everybody, in open channels
 * @param commentCounts how many comments some posts have, by the post's number; others have fewer than 200
 */
public record GeneratedOptions(
        long seed,
        long posts,
        int channels,
        double density,
        double moderated,
        double closed,
        boolean plain,
        Map<Long, Integer> commentCounts) {
    static final int MOST_COMMENTS = 1 << 20;

    public GeneratedOptions {
        commentCounts = Map.copyOf(commentCounts);
        if (posts < 0 || posts >= 1L << 40) {
            throw new IllegalArgumentException("posts is " + posts + "; it must be at least 0 and below 2^40");
        }
        if (channels < 1) {
            throw new IllegalArgumentException("channels is " + channels + "; there must be at least one");
        }
        if (!(density > 0 && density <= 1)) {
            throw new IllegalArgumentException("density is " + density + "; it must be above 0 and at most 1");
        }
        if (!(moderated >= 0 && moderated <= 1) || !(closed >= 0 && closed <= 1)) {
            throw new IllegalArgumentException(
                    "moderated is " + moderated + " and closed is " + closed + "; both must be between 0 and 1");
        }
        if (commentCounts.values().stream().anyMatch(count -> count < 0 || count >= MOST_COMMENTS)) {
            throw new IllegalArgumentException("a post must have at least 0 and fewer than 2^20 comments");
        }
    }

    /** So many posts with everything that a Reddit server may hold, all channels moderated, one in 50 closed. */
    public static GeneratedOptions of(long posts) {
        return new GeneratedOptions(1, posts, 100, 0.97, 1, 0.02, false, Map.of());
    }

    public GeneratedOptions withSeed(long changed) {
        return new GeneratedOptions(changed, posts, channels, density, moderated, closed, plain, commentCounts);
    }

    public GeneratedOptions withChannels(int changed) {
        return new GeneratedOptions(seed, posts, changed, density, moderated, closed, plain, commentCounts);
    }

    public GeneratedOptions withDensity(double changed) {
        return new GeneratedOptions(seed, posts, channels, changed, moderated, closed, plain, commentCounts);
    }

    public GeneratedOptions withModerated(double changed) {
        return new GeneratedOptions(seed, posts, channels, density, changed, closed, plain, commentCounts);
    }

    public GeneratedOptions withClosed(double changed) {
        return new GeneratedOptions(seed, posts, channels, density, moderated, changed, plain, commentCounts);
    }

    public GeneratedOptions withPlain(boolean changed) {
        return new GeneratedOptions(seed, posts, channels, density, moderated, closed, changed, commentCounts);
    }

    public GeneratedOptions withCommentCounts(Map<Long, Integer> changed) {
        return new GeneratedOptions(seed, posts, channels, density, moderated, closed, plain, changed);
    }
}
