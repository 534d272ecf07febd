package dev.backpop.legacy.reddit.expected;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Says what record a person on a channel's list should have become. Immutable and thread-safe; never writes to what it was
 * given.
 */
public final class ExpectedRole {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Set<String> mapped;
    private final ExpectedThing.Questions questions;

    /** @param mapped the fields that the plan maps */
    public ExpectedRole(Set<String> mapped, ExpectedThing.Questions questions) {
        this.mapped = Set.copyOf(mapped);
        this.questions = questions;
    }

    /** @param data what Reddit says of the person, with {@code channel} and {@code channel_id}; left as it is */
    public Expectation of(JsonNode data) {
        Map<String, @Nullable Object> record = new LinkedHashMap<>();
        boolean damaged = false;
        for (Map.Entry<String, JsonNode> member : data.properties()) {
            JsonNode whole = ExpectedText.storable(member.getValue());
            damaged |= !whole.equals(member.getValue());
            record.put(member.getKey(), whole);
        }
        Members members = new Members(record);
        String person = members.text("name");
        String channel = members.text("channel");
        if (person == null || person.isEmpty()) {
            return new Expectation.Unreadable("somebody without a name is on the list");
        }
        if (channel != null && channel.regionMatches(0, "u_", 0, 2)) {
            return new Expectation.Excluded("profile of a user");
        }
        try {
            record.put("cleaned", damaged);
            record.put("fullname", members.text("id"));
            record.put("id", ExpectedId.ofName("t2", members.text("id")));
            record.put("created_on", members.node("date") == null ? null : members.moment("date"));
            Map<String, @Nullable String> known = new HashMap<>();
            members.nodes()
                    .forEach((name, node) -> known.put(name, node.isValueNode() ? node.asString() : node.toString()));
            known.put("id", String.valueOf(record.get("id")));
            known.put("fullname", members.text("id"));
            if (questions.isLookedUp("channel_id") && questions.lookUp("channel_id", known) == null) {
                return new Expectation.Excluded("unknown channel");
            }
            for (String field : mapped) {
                if (questions.isLookedUp(field) && !"channel_id".equals(field)) {
                    record.put(field, questions.lookUp(field, known));
                }
            }
        } catch (IllegalArgumentException e) {
            return new Expectation.Unreadable(String.valueOf(e.getMessage()));
        }
        if (record.containsKey("user_id") && mapped.contains("user_id") && record.get("user_id") == null) {
            return new Expectation.Excluded("unknown user");
        }
        return new Expectation.Document(JSON.writeValueAsString(record));
    }
}
