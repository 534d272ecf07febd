package dev.backpop.legacy.reddit;

import dev.backpop.plan.From;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The record of a vote, of the thing as its voter sees it. Immutable and thread-safe. */
final class VoteDocument implements Documents {
    private final From.Thing vote;
    private final Set<String> wanted;
    private final Lookups lookups;

    /** @param wanted the fields that the plan maps */
    VoteDocument(From.Thing vote, Set<String> wanted, Lookups lookups) {
        this.vote = vote;
        this.wanted = Set.copyOf(wanted);
        this.lookups = lookups;
    }

    @Override
    public String of(ObjectNode data) throws Refusal {
        boolean post = vote == From.Thing.POST_VOTES;
        String channel = data.path("subreddit").asString("");
        if (channel.startsWith("u_") || data.path("subreddit_type").asString("").equals("user")) {
            throw Refusal.excluded(ThingDocument.PROFILE);
        }
        if (post
                && (data.path("promoted").asBoolean(false)
                        || !data.path("subreddit_id").isString())) {
            throw Refusal.excluded(ThingDocument.ADVERTISEMENT);
        }
        String name = data.path("name").asString("");
        ObjectNode record = JsonNodeFactory.instance.objectNode();
        try {
            long number = ThingId.number(post ? From.Thing.POSTS : From.Thing.COMMENTS, name);
            record.put("id", number).put(post ? "post_id" : "comment_id", number);
            record.put("voter_id", data.path("voter_id").asLong());
            record.put("voter", data.path("voter").asString(""));
            record.put("direction", data.path("likes").asBoolean() ? 1 : -1);
            record.put("channel", channel).put("fullname", name);
            var values = ThingDocument.texts(record, lookups.asking());
            if (lookups.has("channel_id") && lookups.of("channel_id", values) == null) {
                throw Refusal.excluded(ThingDocument.UNKNOWN_CHANNEL);
            }
            for (String field : wanted) {
                if (lookups.has(field)) {
                    record.put(field, lookups.of(field, values));
                }
            }
        } catch (IllegalArgumentException e) {
            throw Refusal.failed(String.valueOf(e.getMessage()));
        }
        return record.toString();
    }
}
