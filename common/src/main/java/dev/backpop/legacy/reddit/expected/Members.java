package dev.backpop.legacy.reddit.expected;

import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The server's own members of a thing, as they were before anything was derived. */
final class Members {
    private final Map<String, JsonNode> nodes = new java.util.HashMap<>();

    Members(Map<String, ?> record) {
        record.forEach((name, value) -> {
            if (value instanceof JsonNode node && !node.isNull()) {
                nodes.put(name, node);
            }
        });
    }

    /** All that are not null. */
    Map<String, JsonNode> nodes() {
        return Map.copyOf(nodes);
    }

    /** Null for what is not there, and for null. */
    @Nullable
    JsonNode node(String name) {
        return nodes.get(name);
    }

    /** A string; null for everything else. */
    @Nullable
    String text(String name) {
        JsonNode node = nodes.get(name);
        return node != null && node.isString() ? node.stringValue() : null;
    }

    /** Whether it is true; what is not there is not. */
    boolean yes(String name) {
        JsonNode node = nodes.get(name);
        return node != null && node.asBoolean(false);
    }

    /** Whether somebody put anything there but false. */
    boolean given(String name) {
        JsonNode node = nodes.get(name);
        return node != null && (!node.isBoolean() || node.booleanValue());
    }

    /** Decimal seconds since 1970. */
    BigDecimal moment(String name) {
        JsonNode node = nodes.get(name);
        if (node == null || !(node.isNumber() || node.isString())) {
            throw new IllegalArgumentException(name + " does not say a time");
        }
        try {
            BigDecimal seconds = new BigDecimal(node.asString());
            return seconds.scale() < 0 ? seconds.setScale(0) : seconds;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " does not say a time: " + node, e);
        }
    }
}
