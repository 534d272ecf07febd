package dev.backpop.legacy.reddit;

import dev.backpop.legacy.FailedRow;
import dev.backpop.plan.From;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns what Reddit says of a thing into the flat record that plans map: its own members, and what is derived from them.
 * Immutable and thread-safe.
 */
final class ThingDocument implements Documents {
    static final String DELETED = "[deleted]";
    static final String REMOVED = "[removed]";
    private static final Set<String> BY_AUTHOR = Set.of("deleted", "author");
    static final String UNKNOWN_CHANNEL = "unknown channel";
    static final String ADVERTISEMENT = "advertisement";
    static final String PROFILE = "profile of a user";

    private final From.Thing thing;
    private final Set<String> wanted;
    private final Lookups lookups;
    /** The fields that lookups ask with. */
    private final Set<String> asking;

    private final Predicate<String> moderates;
    private final String webAddress;

    /**
     * @param wanted the fields that the plan maps
     * @param moderates whether the account moderates the channel of this name
     * @param webAddress what relative addresses are relative to
     */
    ThingDocument(
            From.Thing thing, Set<String> wanted, Lookups lookups, Predicate<String> moderates, String webAddress) {
        this.thing = thing;
        this.wanted = Set.copyOf(wanted);
        this.lookups = lookups;
        this.asking = lookups.asking();
        this.moderates = moderates;
        this.webAddress = webAddress;
    }

    @Override
    public String of(ObjectNode data) throws Refusal {
        try {
            boolean cleaned = Cleaning.clean(data);
            data.put("cleaned", cleaned);
            data.put("fullname", data.path("name").asString());
            data.put("id", ThingId.number(thing, data.path("name").asString("")));
            data.put("created_on", seconds(data, "created_utc"));
            switch (thing) {
                case CHANNELS -> channel(data);
                case POSTS -> post(data);
                case COMMENTS -> comment(data);
                default -> throw new IllegalStateException(thing + " have no page of their own");
            }
            if (thing != From.Thing.CHANNELS) {
                lookUp(data);
            }
            return data.toString();
        } catch (IllegalArgumentException e) {
            throw Refusal.failed(String.valueOf(e.getMessage()));
        }
    }

    private static void channel(ObjectNode data) throws Refusal {
        String name = data.path("display_name").asString("");
        String type = text(data, "subreddit_type");
        if ("user".equals(type) || name.startsWith("u_")) {
            throw Refusal.excluded(PROFILE);
        }
        data.put("name", name);
        data.put("channel_type", type);
        String submissions = text(data, "submission_type");
        if (submissions == null) {
            data.putNull("allowed_post_types");
        } else {
            data.put(
                    "allowed_post_types",
                    switch (submissions) {
                        case "link" -> 1;
                        case "self" -> 2;
                        case "any" -> 3;
                        default ->
                            throw Refusal.failed("submission_type '" + submissions + "' is not any, link or self");
                    });
        }
        if (!data.has("over_18")) {
            data.put("over_18", data.path("over18").asBoolean(false));
        }
        data.put("quarantine", data.path("quarantine").asBoolean(false));
    }

    private void post(ObjectNode data) throws Refusal {
        if (data.path("promoted").asBoolean(false) || text(data, "subreddit_id") == null) {
            throw Refusal.excluded(ADVERTISEMENT);
        }
        boolean self = data.path("is_self").asBoolean(false);
        String selftext = text(data, "selftext");
        content(data, selftext);
        data.put("post_type", self ? "self" : "link");
        if (self) {
            data.put("text", selftext == null ? "" : selftext);
            data.putNull("url");
        } else {
            data.put("text", selftext == null || selftext.isEmpty() ? null : selftext);
            String url = text(data, "url");
            data.put("url", url != null && url.startsWith("/") ? webAddress + url : url);
        }
        flag(data, "stickied");
        flag(data, "locked");
        flag(data, "over_18");
        flag(data, "quarantine");
        data.put("permalink_slug", Slug.of(String.valueOf(text(data, "title"))));
        if (wanted.contains("plain_text")) {
            data.put("plain_text", self ? Markdown.plainText(data.path("text").asString("")) : null);
        }
    }

    private void comment(ObjectNode data) throws Refusal {
        if (!data.has("link_id") || !data.has("parent_id") || !data.has("score")) {
            throw Refusal.failed("the comment came in its mailbox form, without link_id, parent_id or score");
        }
        String body = text(data, "body");
        content(data, body);
        data.put("text", body);
        data.put(
                "post_id", ThingId.number(From.Thing.POSTS, data.path("link_id").asString("")));
        String parent = data.path("parent_id").asString("");
        if (parent.startsWith(From.Thing.POSTS.kind() + "_")) {
            ThingId.number(From.Thing.POSTS, parent);
            data.putNull("parent_id");
        } else {
            data.put("parent_id", ThingId.number(From.Thing.COMMENTS, parent));
        }
        flag(data, "stickied");
        flag(data, "locked");
        if (wanted.contains("plain_text")) {
            data.put("plain_text", body == null ? null : Markdown.plainText(body));
        }
    }

    /** What posts and comments have in common. */
    private void content(ObjectNode data, @Nullable String text) throws Refusal {
        String channel = text(data, "subreddit");
        if (channel != null && (channel.startsWith("u_") || "user".equals(text(data, "subreddit_type")))) {
            throw Refusal.excluded(PROFILE);
        }
        boolean authorGone = DELETED.equals(text(data, "author")) || text(data, "author") == null;
        String category = text(data, "removed_by_category");
        boolean byAuthor = category != null && BY_AUTHOR.contains(category);
        boolean banned = isSet(data.path("banned_by"));
        boolean takenOut = banned || isSet(data.path("removed_by")) || (category != null && !byAuthor);
        boolean hidden = REMOVED.equals(text) && (authorGone || takenOut);
        // To others the server says of everything that nobody removed it.
        boolean unknown = hidden || (wanted.contains("removed") && !takenOut);
        if (unknown && !banned && (channel == null || !moderates.test(channel))) {
            throw new Refusal(
                    FailedRow.Kind.UNVERIFIABLE,
                    "no moderator access: " + (hidden ? "the text is removed" : "whether it was removed is not shown")
                            + ", because this account does not moderate channel " + channel);
        }
        data.put("removed", takenOut || hidden);
        data.put("deleted", byAuthor || (authorGone && DELETED.equals(text)));
        data.put("author", authorGone ? null : text(data, "author"));
        data.put("channel", channel);
        String channelName = text(data, "subreddit_id");
        data.put(
                "channel_id",
                channelName == null ? null : Long.valueOf(ThingId.number(From.Thing.CHANNELS, channelName)));
        if (!data.has("score") || data.path("score").isNull()) {
            data.set("score", data.path("ups").isMissingNode() ? data.nullNode() : data.path("ups"));
        }
        edited(data);
    }

    private static void edited(ObjectNode data) {
        JsonNode edited = data.path("edited");
        String word = edited.isString() ? edited.asString().toLowerCase(java.util.Locale.ROOT) : "";
        boolean never = edited.isMissingNode() || edited.isNull() || (edited.isBoolean() && !edited.asBoolean());
        if (never || word.equals("false")) {
            data.put("edited", false);
            data.putNull("edited_on");
        } else if (edited.isBoolean() || word.equals("true")) {
            data.put("edited", true);
            data.putNull("edited_on");
        } else {
            data.put("edited_on", seconds(data, "edited"));
            data.put("edited", true);
        }
    }

    private static boolean isSet(JsonNode node) {
        return !node.isMissingNode() && !node.isNull() && !(node.isBoolean() && !node.asBoolean());
    }

    private void lookUp(ObjectNode data) throws Refusal {
        if (lookups.fields().isEmpty()) {
            return;
        }
        Map<String, @Nullable String> values = texts(data, asking);
        if (lookups.has("channel_id")) {
            String channel = lookups.of("channel_id", values);
            if (channel == null) {
                throw Refusal.excluded(UNKNOWN_CHANNEL);
            }
            data.put("channel_id", channel);
            values.put("channel_id", channel);
        }
        if (thing == From.Thing.POSTS && lookups.has("article") && "self".equals(text(data, "post_type"))) {
            String article = lookups.of("article", values);
            data.put("article", article);
            if (article != null) {
                data.put("post_type", "article");
                data.putNull("text");
                data.putNull("plain_text");
            }
        }
        for (String field : wanted) {
            if (lookups.has(field) && !field.equals("channel_id") && !field.equals("article")) {
                data.put(field, lookups.of(field, values));
            }
        }
    }

    /** Some members, as lookups are asked with them; null for those that are not there. */
    static Map<String, @Nullable String> texts(ObjectNode data, Set<String> fields) {
        Map<String, @Nullable String> values = new HashMap<>();
        for (String field : fields) {
            JsonNode value = data.path(field);
            values.put(
                    field,
                    value.isMissingNode() || value.isNull()
                            ? null
                            : value.isValueNode() ? value.asString() : value.toString());
        }
        return values;
    }

    private static void flag(ObjectNode data, String field) {
        data.put(field, data.path(field).asBoolean(false));
    }

    private static @Nullable String text(JsonNode data, String field) {
        JsonNode value = data.path(field);
        return value.isString() ? value.asString() : null;
    }

    /** Seconds since 1970, exactly as they are given: as a number, or as the text of one. */
    static String seconds(JsonNode data, String field) {
        JsonNode value = data.path(field);
        try {
            if (value.isNumber()) {
                return value.decimalValue().toPlainString();
            }
            if (value.isString()) {
                return new BigDecimal(value.asString()).toPlainString();
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(field + " is no number of seconds: " + value, e);
        }
        throw new IllegalArgumentException(field + " is no number of seconds: " + value);
    }
}
