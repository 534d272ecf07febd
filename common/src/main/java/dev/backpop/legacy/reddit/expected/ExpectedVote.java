package dev.backpop.legacy.reddit.expected;

import dev.backpop.plan.From;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Says what record a vote should have become. Immutable and thread-safe; never writes to what it was given. */
public final class ExpectedVote {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final From.Thing vote;
    private final Set<String> mapped;
    private final ExpectedThing.Questions questions;

    /** @param mapped the fields that the plan maps */
    public ExpectedVote(From.Thing vote, Set<String> mapped, ExpectedThing.Questions questions) {
        this.vote = vote;
        this.mapped = Set.copyOf(mapped);
        this.questions = questions;
    }

    /** @param data the thing as its voter sees it, with {@code voter} and {@code voter_id}; left as it is */
    public Expectation of(JsonNode data) {
        Members members = new Members(Map.copyOf(nodes(data)));
        String channel = members.text("subreddit");
        boolean profile = "user".equals(members.text("subreddit_type"));
        if (profile || (channel != null && channel.regionMatches(0, "u_", 0, 2))) {
            return new Expectation.Excluded("profile of a user");
        }
        boolean ofPost = vote == From.Thing.POST_VOTES;
        if (ofPost && (members.yes("promoted") || members.text("subreddit_id") == null)) {
            return new Expectation.Excluded("advertisement");
        }
        JsonNode likes = members.node("likes");
        JsonNode voter = members.node("voter_id");
        if (likes == null || voter == null) {
            return new Expectation.Unreadable("nobody has voted");
        }
        Map<String, @Nullable Object> record = new LinkedHashMap<>();
        try {
            long number = ExpectedId.ofName(ofPost ? "t3" : "t1", members.text("name"));
            record.put("direction", likes.booleanValue() ? 1 : -1);
            record.put(ofPost ? "post_id" : "comment_id", number);
            record.put("id", number);
            record.put("voter_id", voter.longValue());
            record.put("voter", members.text("voter"));
            record.put("channel", channel == null ? "" : channel);
            record.put("fullname", members.text("name"));
            Map<String, @Nullable String> known = new LinkedHashMap<>();
            record.forEach((field, value) -> known.put(field, value == null ? null : value.toString()));
            if (questions.isLookedUp("channel_id") && questions.lookUp("channel_id", known) == null) {
                return new Expectation.Excluded("unknown channel");
            }
            mapped.stream()
                    .filter(questions::isLookedUp)
                    .forEach(field -> record.put(field, questions.lookUp(field, known)));
        } catch (IllegalArgumentException e) {
            return new Expectation.Unreadable(String.valueOf(e.getMessage()));
        }
        return new Expectation.Document(JSON.writeValueAsString(record));
    }

    private static Map<String, JsonNode> nodes(JsonNode data) {
        Map<String, JsonNode> nodes = new LinkedHashMap<>();
        data.properties().forEach(member -> nodes.put(member.getKey(), member.getValue()));
        return nodes;
    }
}
