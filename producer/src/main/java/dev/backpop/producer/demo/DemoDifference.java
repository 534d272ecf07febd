package dev.backpop.producer.demo;

/**
 * The one difference that the demo plants: a post that the target has beforehand, with one letter changed.
 *
 * @param postId the post's key
 * @param column the only target column that differs
 */
public record DemoDifference(long postId, String column, String legacy, String target) {
    static final String LEGACY_TITLE = "The barn is red, the door is not";
    static final String TARGET_TITLE = "The barm is red, the door is not";

    public static DemoDifference of(DemoSize size) {
        return DemoSlot.of("post", size).stream()
                .filter(slot -> slot.kind().equals(DemoSlot.PLANTED))
                .map(slot -> new DemoDifference(size.postId(slot.ordinal()), "title", LEGACY_TITLE, TARGET_TITLE))
                .findFirst()
                .orElseThrow();
    }
}
