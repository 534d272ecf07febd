package dev.backpop.legacy.reddit.api;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What an answer to a request for data means. */
sealed interface Verdict {
    /** It means something of what was asked for. */
    record Said(Answer answer) implements Verdict {}

    /** The token is not good any more. */
    record Unauthorized() implements Verdict {}

    /** It was asked for too much at once. */
    record TooMuch(String why) implements Verdict {}

    /**
     * It means nothing of what was asked for.
     *
     * @param why follows the server's name in a sentence
     * @param mayPass whether the same may be answered if it is asked again
     * @param tooOften whether the server wants to be asked less
     * @param notFor how long it does not, where the body says it; null where not
     */
    record Failed(
            String why,
            boolean mayPass,
            boolean tooOften,
            @Nullable Duration notFor) implements Verdict {
        Failed(String why, boolean mayPass) {
            this(why, mayPass, false, null);
        }
    }

    Set<Integer> MAY_PASS = Set.of(408, 500, 502, 503, 504, 520, 522);

    /** @param what was asked for, for people */
    static Verdict of(Reply reply, String what) {
        int status = reply.status();
        if (reply.tooOften()) {
            return new Failed("answered 429 (too many requests) to " + what, true, true, null);
        }
        if (status == 401) {
            return new Unauthorized();
        }
        if (status == 413 || status == 414) {
            return new TooMuch("answered " + status + " to " + what + ": it was asked for too much at once");
        }
        if (status / 100 == 3) {
            return redirect(reply, what);
        }
        if (status >= 500 || MAY_PASS.contains(status)) {
            return new Failed("answered " + status + " to " + what, true);
        }
        JsonNode json = reply.json();
        if (status == 404 && (json != null || reply.empty())) {
            return new Said(new Answer.Absent("404 " + words(json, "Not Found")));
        }
        if ((status == 403 || status == 451) && (json != null || reply.empty())) {
            return new Said(new Answer.Forbidden(
                    status + " " + words(json, status == 403 ? "Forbidden" : "Unavailable For Legal Reasons")));
        }
        if (status / 100 != 2) {
            return new Failed(
                    "answered " + status + (json == null && !reply.empty() ? " and no JSON" : "") + " to " + what
                            + ", which says nothing of what was asked for",
                    // A page that a proxy or a guard put before the server, which may be gone in a moment.
                    json == null);
        }
        return json == null
                ? new Failed(
                        "answered " + what + " with "
                                + (reply.empty() ? "nothing" : "something that is not JSON, or cut"),
                        true)
                : content(json, what);
    }

    private static Verdict redirect(Reply reply, String what) {
        String to = reply.header("Location");
        // What a server without such a subreddit does: it offers to search for it.
        if (reply.status() == 302 && to.matches("(https?://[^/]+)?(/subreddits)?/search(\\.json)?/?([?#].*)?")) {
            return new Said(new Answer.Absent("302 to search"));
        }
        return new Failed(
                "answered " + reply.status() + " to " + what
                        + ": it sends elsewhere, where nobody follows. Is the plan's legacy.reddit.url right?",
                false);
    }

    /** Answers that are fine by their status can hold errors all the same. */
    private static Verdict content(JsonNode json, String what) {
        JsonNode errors = json.path("json").path("errors");
        if (errors.isArray() && !errors.isEmpty()) {
            return errors(json, errors, what);
        }
        if (json.isObject() && json.has("error") && !json.has("kind")) {
            JsonNode error = json.path("error");
            int code = error.isIntegralNumber() ? error.asInt() : 0;
            if (code == 404) {
                return new Said(new Answer.Absent("200 with error 404 " + words(json, "Not Found")));
            }
            if (code == 403) {
                return new Said(new Answer.Forbidden("200 with error 403 " + words(json, "Forbidden")));
            }
            if (code == 401) {
                return new Unauthorized();
            }
            return new Failed(
                    "answered " + what + " with the error " + Words.plain(error.asString("")),
                    code == 0 || code >= 500 || code == 429,
                    code == 429,
                    null);
        }
        return new Said(new Answer.Found(json));
    }

    private static Verdict errors(JsonNode json, JsonNode errors, String what) {
        String code = Words.plain(errors.path(0).path(0).asString(""));
        String why = "answered " + what + " with the error " + code;
        return switch (code) {
            case "RATELIMIT" -> {
                double seconds = json.path("json").path("ratelimit").asDouble(0);
                yield new Failed(
                        why, true, true, seconds > 0 ? Duration.ofMillis((long) Math.ceil(seconds * 1_000)) : null);
            }
            case "TOO_MANY_THING_IDS", "TOO_LONG" -> new TooMuch(why + ": it was asked for too much at once");
            default -> new Failed(why, false);
        };
    }

    private static String words(@Nullable JsonNode json, String otherwise) {
        JsonNode words = json == null ? null : json.has("reason") ? json.get("reason") : json.get("message");
        String said = words != null && words.isString() ? Words.plain(words.asString()) : "";
        return said.isEmpty() ? otherwise : said;
    }
}
