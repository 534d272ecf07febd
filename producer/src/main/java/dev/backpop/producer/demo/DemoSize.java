package dev.backpop.producer.demo;

import dev.backpop.problem.InvalidInputException;

/**
 * How large the demo is, and where its generator puts what.
 *
 * <p>A row's ordinal (1, 2, …) is what it is generated from; its key is derived from the ordinal.
 *
 * @param posts how many posts the legacy store has
 */
public record DemoSize(long posts) {
    public static final long DEFAULT_POSTS = 100_000;
    public static final long MIN_POSTS = 1_000;
    public static final long MAX_POSTS = 50_000_000;

    /** How many rows the target has beforehand, equal to what will be moved. */
    static final int CHANNELS_THERE = 10;

    static final int POSTS_THERE = 20;
    static final int COMMENTS_THERE = 12;

    private static final long CHANNELS = 200;
    /** Ids of the later half begin above this, so that they do not fit 32 bits and leave a gap that no id width explains. */
    private static final long GAP = 1L << 32;

    /** @throws InvalidInputException when the number of posts is out of bounds */
    public DemoSize {
        if (posts < MIN_POSTS || posts > MAX_POSTS) {
            throw new InvalidInputException("--rows is " + posts + "; the demo takes " + MIN_POSTS + " to " + MAX_POSTS
                    + " posts, because each kind of trouble has a fixed number of rows");
        }
    }

    public long channels() {
        return CHANNELS;
    }

    public long comments() {
        return posts + posts / 2;
    }

    /** How many rows an entity has in the legacy store. */
    public long rows(String entity) {
        return switch (entity) {
            case "channel" -> channels();
            case "post" -> posts;
            case "comment" -> comments();
            default -> throw new IllegalArgumentException("the demo has no entity '" + entity + "'");
        };
    }

    /** How many rows of an entity the target has beforehand, equal to what will be moved. */
    public static int alreadyThere(String entity) {
        return switch (entity) {
            case "channel" -> CHANNELS_THERE;
            case "post" -> POSTS_THERE;
            case "comment" -> COMMENTS_THERE;
            default -> throw new IllegalArgumentException("the demo has no entity '" + entity + "'");
        };
    }

    /** The key of a post: sparse, growing with the ordinal; the later half lies above 2^32. The same as in the seeding SQL. */
    long postId(long ordinal) {
        long hash = ordinal * 2_654_435_761L % (1L << 32) / 65_536;
        return ordinal * 11 + hash % 11 + (ordinal > posts / 2 ? GAP : 0);
    }
}
