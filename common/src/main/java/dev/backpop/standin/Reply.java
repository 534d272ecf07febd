package dev.backpop.standin;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An answer that is not sent yet.
 *
 * @param json the body; null when it is {@code page}
 * @param page a body that is no JSON
 */
record Reply(int status, @Nullable JsonNode json, String page, Map<String, String> headers) {
    static Reply found(JsonNode json) {
        return new Reply(200, json, "", Map.of());
    }

    static Reply error(int status, String message) {
        return new Reply(status, Json.object().put("message", message).put("error", status), "", Map.of());
    }

    static Reply notFound() {
        return error(404, "Not Found");
    }

    static Reply forbidden() {
        return error(403, "Forbidden");
    }

    static Reply tooMany(@Nullable String retryAfter) {
        return error(429, "Too Many Requests").with(retryAfter == null ? Map.of() : Map.of("Retry-After", retryAfter));
    }

    static Reply page(int status, String title) {
        return new Reply(
                status,
                null,
                "<!doctype html>\n<html><head><title>" + title + "</title></head><body><h1>" + title
                        + "</h1><p>all of our servers are busy right now</p></body></html>\n",
                Map.of());
    }

    static Reply redirect(String location) {
        return page(302, "Found").with(Map.of("Location", location));
    }

    Reply with(Map<String, String> more) {
        return new Reply(status, json, page, more);
    }
}
