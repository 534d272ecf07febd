package dev.backpop.legacy.reddit;

import dev.backpop.legacy.LegacyUnavailableException;
import dev.backpop.legacy.reddit.api.Answer;
import dev.backpop.legacy.reddit.api.RedditApi;
import dev.backpop.plan.From;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Asks for things, and takes only what was asked for: an answer of another form or of another thing is asked for again, and
 * is no answer when it stays so. Thread-safe.
 */
final class ThingReader {
    /** As many ids as one request may name. */
    static final int AT_ONCE = From.Thing.POSTS.keysAtOnce();

    private static final int TRIES = 3;
    private static final String LISTING = "Listing";
    private static final Set<String> LISTS_OF_PEOPLE = Set.of("UserList", LISTING);
    private static final String MOST_COMMENTS = "500";

    private final RedditApi api;

    ThingReader(RedditApi api) {
        this.api = api;
    }

    /** An answer that is not what was asked for; where nobody asks again, it says no more than an outage would. */
    private static final class WrongAnswerException extends LegacyUnavailableException {
        private static final long serialVersionUID = 1L;

        WrongAnswerException(String message) {
            super("Reddit answered " + message);
        }
    }

    /** A try at something whose answer may be wrong. */
    private interface Try<T> {
        T run();
    }

    private static <T> T tried(String what, Try<T> attempt) {
        for (int left = TRIES; ; left--) {
            try {
                return attempt.run();
            } catch (WrongAnswerException e) {
                if (left == 1) {
                    throw new LegacyUnavailableException(
                            "Reddit was asked " + TRIES + " times for " + what + ": " + e.getMessage(), e);
                }
            }
        }
    }

    /**
     * Those of these things that the server gives when asked for many; which it leaves out says nothing.
     *
     * @param numbers at most {@link #AT_ONCE}
     */
    Map<Long, ObjectNode> info(From.Thing thing, List<Long> numbers) {
        String names =
                numbers.stream().map(number -> ThingId.name(thing, number)).collect(Collectors.joining(","));
        return tried("/api/info of " + numbers.size() + " things", () -> {
            Set<Long> asked = Set.copyOf(numbers);
            Map<Long, ObjectNode> found = new LinkedHashMap<>();
            if (api.get("/api/info", Map.of("id", names)) instanceof Answer.Found answer) {
                for (JsonNode child : children(answer.body())) {
                    ObjectNode data = data(child, thing.kind());
                    long number = number(thing, data);
                    if (!asked.contains(number)) {
                        throw new WrongAnswerException("with " + text(data, "name") + ", which nobody asked for");
                    }
                    found.putIfAbsent(number, data);
                }
            }
            return found;
        });
    }

    /** A post by its own page; what was found is its data. */
    Answer post(long number) {
        return page("/comments/" + ThingId.text(number), Map.of("limit", "1"), body -> post(body, number));
    }

    /** A post's page; what was found is the listing of its comments. */
    Answer tree(long number) {
        return page("/comments/" + ThingId.text(number), treeParameters(), body -> {
            post(body, number);
            return body.get(1);
        });
    }

    /** The page of one comment; what was found is the listing that begins with it. */
    Answer thread(long post, long comment) {
        String path = "/comments/" + ThingId.text(post) + "/_/" + ThingId.text(comment);
        return page(path, treeParameters(), body -> {
            post(body, post);
            List<JsonNode> top = children(body.get(1));
            if (top.isEmpty()) {
                return null;
            }
            ObjectNode first = data(top.get(0), From.Thing.COMMENTS.kind());
            if (number(From.Thing.COMMENTS, first) != comment) {
                throw new WrongAnswerException("with " + text(first, "name"));
            }
            return body.get(1);
        });
    }

    private static Map<String, String> treeParameters() {
        return Map.of("limit", MOST_COMMENTS, "sort", "old");
    }

    /** Takes what is wanted out of a page; null when it holds nothing. */
    private interface Page {
        @org.jspecify.annotations.Nullable
        JsonNode read(JsonNode body);
    }

    private Answer page(String path, Map<String, String> parameters, Page page) {
        return tried(path, () -> {
            Answer answer = api.get(path, parameters);
            if (!(answer instanceof Answer.Found found)) {
                return answer;
            }
            JsonNode body = found.body();
            if (!body.isArray() || body.size() != 2) {
                throw new WrongAnswerException("with something else than a post and its comments");
            }
            if (children(body.get(0)).isEmpty()) {
                return new Answer.Absent("200 with an empty listing");
            }
            JsonNode wanted = page.read(body);
            return wanted == null
                    ? new Answer.Absent("200 with an empty listing of comments")
                    : new Answer.Found(wanted);
        });
    }

    private static ObjectNode post(JsonNode body, long number) {
        ObjectNode data = data(children(body.get(0)).get(0), From.Thing.POSTS.kind());
        if (number(From.Thing.POSTS, data) != number) {
            throw new WrongAnswerException("with " + text(data, "name"));
        }
        return data;
    }

    /** What a server says that it has instead of replies that it has only announced: comments, and further announcements. */
    List<JsonNode> moreChildren(long post, List<Long> children) {
        Map<String, String> form = Map.of(
                "api_type",
                "json",
                "link_id",
                ThingId.name(From.Thing.POSTS, post),
                "sort",
                "old",
                "children",
                children.stream().map(ThingId::text).collect(Collectors.joining(",")));
        return tried("more children of " + ThingId.name(From.Thing.POSTS, post), () -> {
            if (!(api.post("/api/morechildren", form) instanceof Answer.Found answer)) {
                // Whoever has lost the post meanwhile has lost its comments: each of them is asked for by itself.
                return List.of();
            }
            JsonNode json = answer.body().path("json");
            if (!json.path("errors").isEmpty()) {
                throw new WrongAnswerException("with the errors " + json.path("errors"));
            }
            JsonNode things = json.path("data").path("things");
            if (!things.isArray()) {
                throw new WrongAnswerException("without things");
            }
            return List.copyOf(things.values());
        });
    }

    /** The greatest number on the first page of a listing, 0 when it is empty; nothing when this account may not read it. */
    OptionalLong newest(From.Thing thing, String path) {
        return tried(path, () -> {
            if (!(api.get(path, Map.of("limit", Integer.toString(AT_ONCE))) instanceof Answer.Found answer)) {
                return OptionalLong.empty();
            }
            long greatest = 0;
            for (JsonNode child : children(answer.body())) {
                greatest = Math.max(greatest, number(thing, data(child, thing.kind())));
            }
            return OptionalLong.of(greatest);
        });
    }

    /** A channel by its name, which is the only page that it has; what was found is its data. */
    Answer channel(String name) {
        String path = "/r/" + name + "/about";
        return tried(path, () -> {
            Answer answer = api.get(path, Map.of());
            if (!(answer instanceof Answer.Found found)) {
                return answer;
            }
            ObjectNode data = data(found.body(), From.Thing.CHANNELS.kind());
            if (!name.equalsIgnoreCase(text(data, "display_name"))) {
                throw new WrongAnswerException("with something else than that channel");
            }
            return new Answer.Found(data);
        });
    }

    /** The name of whoever asks; empty where the server does not tell it. */
    String me() {
        return tried(
                "/api/v1/me",
                () -> api.get("/api/v1/me", Map.of()) instanceof Answer.Found answer
                        ? text(answer.body(), "name")
                        : "");
    }

    /** Whether the account moderates a channel; false where it may not even see it. */
    boolean moderates(String channel) {
        return channel(channel) instanceof Answer.Found found
                && found.body().path("user_is_moderator").asBoolean(false);
    }

    /**
     * A list of people, all of its pages; what was found is an array of what the server says of each. A page that was announced
     * and holds nobody is no end: somebody left the list, by whose place the next page was asked for. Then it is read anew.
     */
    Answer people(String path) {
        return tried(path, () -> {
            ArrayNode people = JsonNodeFactory.instance.arrayNode();
            Set<String> asked = new HashSet<>();
            Map<String, String> parameters = new HashMap<>();
            parameters.put("limit", Integer.toString(AT_ONCE));
            while (true) {
                Answer answer = api.get(path, parameters);
                if (!(answer instanceof Answer.Found found)) {
                    if (asked.isEmpty()) {
                        return answer;
                    }
                    throw new WrongAnswerException("to " + path + " that it is not there, after a part of it");
                }
                JsonNode data = found.body().path("data");
                JsonNode page = data.path("children");
                boolean list =
                        LISTS_OF_PEOPLE.contains(found.body().path("kind").asString(""));
                if (!list || !page.isArray()) {
                    throw new WrongAnswerException("with something else than a list of people");
                }
                page.forEach(people::add);
                String next = data.path("after").isString() ? text(data, "after") : "";
                if (next.isEmpty() && (asked.isEmpty() || !page.isEmpty())) {
                    return new Answer.Found(people);
                }
                if (next.isEmpty() || !asked.add(next)) {
                    throw new WrongAnswerException("with a list of people that changes while it is read");
                }
                parameters.put("after", next);
                parameters.put("count", Integer.toString(people.size()));
            }
        });
    }

    static List<JsonNode> children(JsonNode listing) {
        JsonNode children = listing.path("data").path("children");
        if (!LISTING.equals(listing.path("kind").asString("")) || !children.isArray()) {
            throw new WrongAnswerException("with something else than a listing");
        }
        return new ArrayList<>(children.values());
    }

    private static ObjectNode data(JsonNode thing, String kind) {
        if (thing.path("data") instanceof ObjectNode data
                && kind.equals(thing.path("kind").asString(""))) {
            return data;
        }
        throw new WrongAnswerException("with a thing of kind " + thing.path("kind") + " instead of " + kind);
    }

    /** The number of a thing, whose id and name must agree. */
    static long number(From.Thing thing, JsonNode data) {
        try {
            long number = ThingId.number(text(data, "id"));
            if (ThingId.name(thing, number).equals(text(data, "name"))) {
                return number;
            }
        } catch (IllegalArgumentException e) {
            throw new WrongAnswerException("with a thing whose id cannot be: " + e.getMessage());
        }
        throw new WrongAnswerException("with the id " + text(data, "id") + " and the name " + text(data, "name"));
    }

    private static String text(JsonNode data, String field) {
        return data.path(field).asString("");
    }
}
