package dev.backpop.legacy.reddit.api;

import tools.jackson.databind.JsonNode;

/** What a Reddit server said of something. */
public sealed interface Answer {
    /** It is there, and this is its JSON. */
    record Found(JsonNode body) implements Answer {}

    /**
     * It is not there.
     *
     * @param evidence what the server said, such as {@code 404 Not Found}
     */
    record Absent(String evidence) implements Answer {}

    /**
     * It may be there, but this account may not see it.
     *
     * @param reason what the server said, such as {@code 403 private}
     */
    record Forbidden(String reason) implements Answer {}
}
