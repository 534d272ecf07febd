package dev.backpop.legacy.reddit.expected;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a channel should have become. */
final class ExpectedChannel {
    private static final Map<String, Integer> BITS = Map.of("any", 1 | 2, "link", 1, "self", 2);

    private ExpectedChannel() {}

    /** Null when there is a record. */
    static @Nullable Expectation fill(Map<String, @Nullable Object> record, Members members) {
        String type = members.text("subreddit_type");
        String name = members.text("display_name");
        if ("user".equals(type) || (name != null && name.startsWith("u_"))) {
            return new Expectation.Excluded("profile of a user");
        }
        record.put("name", name == null ? "" : name);
        record.put("channel_type", type);
        String submissions = members.text("submission_type");
        Integer bits = submissions == null ? null : BITS.get(submissions);
        if (submissions != null && bits == null) {
            return new Expectation.Unreadable("nobody knows what may be posted by the word '" + submissions + "'");
        }
        record.put("allowed_post_types", bits);
        if (!record.containsKey("over_18")) {
            record.put("over_18", members.yes("over18"));
        }
        record.put("quarantine", members.yes("quarantine"));
        return null;
    }
}
