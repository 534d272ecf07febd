package dev.backpop.legacy.reddit;

import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** The record of a person on a list of a channel. Whom a lookup does not find is excluded. Immutable and thread-safe. */
final class RoleDocument implements Documents {
    private final Set<String> wanted;
    private final Lookups lookups;

    /** @param wanted the fields that the plan maps */
    RoleDocument(Set<String> wanted, Lookups lookups) {
        this.wanted = Set.copyOf(wanted);
        this.lookups = lookups;
    }

    @Override
    public String of(ObjectNode data) throws Refusal {
        try {
            data.put("cleaned", Cleaning.clean(data));
            String fullname = data.path("id").asString("");
            data.put("fullname", fullname);
            data.put("id", ThingId.number(dev.backpop.plan.From.Thing.MODERATORS, fullname));
            if (data.path("name").asString("").isEmpty()) {
                throw Refusal.failed("the server tells no name of " + fullname);
            }
            if (data.path("channel").asString("").startsWith("u_")) {
                throw Refusal.excluded(ThingDocument.PROFILE);
            }
            if (data.path("date").isMissingNode() || data.path("date").isNull()) {
                data.putNull("created_on");
            } else {
                data.put("created_on", ThingDocument.seconds(data, "date"));
            }
            lookUp(data);
            return data.toString();
        } catch (IllegalArgumentException e) {
            throw Refusal.failed(String.valueOf(e.getMessage()));
        }
    }

    private void lookUp(ObjectNode data) throws Refusal {
        var values = ThingDocument.texts(data, lookups.asking());
        if (lookups.has("channel_id") && lookups.of("channel_id", values) == null) {
            throw Refusal.excluded(ThingDocument.UNKNOWN_CHANNEL);
        }
        for (String field : wanted) {
            if (lookups.has(field) && !field.equals("channel_id")) {
                String answer = lookups.of(field, values);
                if (field.equals("user_id") && answer == null) {
                    throw Refusal.excluded("unknown user");
                }
                data.put(field, answer);
            }
        }
    }
}
