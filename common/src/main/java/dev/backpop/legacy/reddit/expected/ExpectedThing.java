package dev.backpop.legacy.reddit.expected;

import dev.backpop.plan.From;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Says what record a thing should have become. Immutable and thread-safe.
 *
 * <p>Reads the thing's members into a table of its own and never writes to what it was given.
 */
public final class ExpectedThing {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** What can only be asked of others. */
    public interface Questions {
        boolean moderates(String channel);

        boolean isLookedUp(String field);

        /** @throws IllegalArgumentException when there is no one answer */
        @Nullable
        String lookUp(String field, Map<String, @Nullable String> fields);
    }

    private final From.Thing thing;
    private final Set<String> mapped;
    private final Questions questions;
    private final String host;

    /**
     * @param mapped the fields that the plan maps
     * @param host what an address without a host is on, such as {@code https://www.reddit.com}
     */
    public ExpectedThing(From.Thing thing, Set<String> mapped, Questions questions, String host) {
        this.thing = thing;
        this.mapped = Set.copyOf(mapped);
        this.questions = questions;
        this.host = host;
    }

    /** @param data what Reddit says of the thing; left as it is */
    public Expectation of(JsonNode data) {
        Map<String, @Nullable Object> record = new LinkedHashMap<>();
        boolean damaged = false;
        for (Map.Entry<String, JsonNode> member : data.properties()) {
            JsonNode whole = ExpectedText.storable(member.getValue());
            damaged |= !whole.equals(member.getValue());
            record.put(member.getKey(), whole);
        }
        try {
            Members members = new Members(record);
            record.put("cleaned", damaged);
            record.put("fullname", members.text("name"));
            record.put("id", ExpectedId.ofName(thing.kind(), members.text("name")));
            record.put("created_on", members.moment("created_utc"));
            Expectation refused = switch (thing) {
                case CHANNELS -> ExpectedChannel.fill(record, members);
                case POSTS -> new ExpectedContent(record, members, questions).post(host, mapped);
                case COMMENTS -> new ExpectedContent(record, members, questions).comment(mapped);
                default -> throw new IllegalStateException(thing + " are not things by themselves");
            };
            if (refused == null && thing != From.Thing.CHANNELS) {
                refused = lookUp(record);
            }
            return refused == null ? new Expectation.Document(JSON.writeValueAsString(record)) : refused;
        } catch (IllegalArgumentException e) {
            return new Expectation.Unreadable(String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Expectation lookUp(Map<String, @Nullable Object> record) {
        if (questions.isLookedUp("channel_id")) {
            record.put("channel_id", questions.lookUp("channel_id", texts(record)));
            if (record.get("channel_id") == null) {
                return new Expectation.Excluded("unknown channel");
            }
        }
        boolean post = thing == From.Thing.POSTS;
        if (post && questions.isLookedUp("article") && "self".equals(record.get("post_type"))) {
            record.put("article", questions.lookUp("article", texts(record)));
            if (record.get("article") != null) {
                record.put("post_type", "article");
                record.put("text", null);
                record.put("plain_text", null);
            }
        }
        List<String> others = mapped.stream()
                .filter(questions::isLookedUp)
                .filter(field -> !Set.of("channel_id", "article").contains(field))
                .toList();
        if (!others.isEmpty()) {
            Map<String, @Nullable String> known = texts(record);
            others.forEach(field -> record.put(field, questions.lookUp(field, known)));
        }
        return null;
    }

    private static Map<String, @Nullable String> texts(Map<String, @Nullable Object> record) {
        Map<String, @Nullable String> texts = new LinkedHashMap<>();
        record.forEach((field, value) -> texts.put(field, text(value)));
        return texts;
    }

    private static @Nullable String text(@Nullable Object value) {
        if (value instanceof JsonNode node) {
            return node.isNull() ? null : node.isValueNode() ? node.asString() : node.toString();
        }
        return value == null ? null : value.toString();
    }
}
