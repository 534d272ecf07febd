package dev.backpop.legacy.reddit;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Takes out of texts what PostgreSQL cannot store: U+0000 goes, and half a surrogate pair becomes U+FFFD. */
final class Cleaning {
    private Cleaning() {}

    /** Whether anything had to go. All else stays as it is, white space and forms of letters too. */
    static boolean clean(ObjectNode node) {
        boolean changed = false;
        for (Map.Entry<String, JsonNode> member : List.copyOf(node.properties())) {
            JsonNode value = member.getValue();
            if (value.isString()) {
                String text = value.asString();
                String clean = clean(text);
                if (!clean.equals(text)) {
                    node.put(member.getKey(), clean);
                    changed = true;
                }
            } else {
                changed |= inside(value);
            }
        }
        return changed;
    }

    private static boolean inside(JsonNode value) {
        if (value instanceof ObjectNode object) {
            return clean(object);
        }
        boolean changed = false;
        if (value instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                JsonNode element = array.get(i);
                if (element.isString() && !clean(element.asString()).equals(element.asString())) {
                    array.set(i, StringNode.valueOf(clean(element.asString())));
                    changed = true;
                } else {
                    changed |= inside(element);
                }
            }
        }
        return changed;
    }

    static String clean(String text) {
        StringBuilder clean = null;
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            boolean pair = Character.isHighSurrogate(character)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            boolean bad = character == 0 || (Character.isSurrogate(character) && !pair);
            if (bad && clean == null) {
                clean = new StringBuilder(text.length()).append(text, 0, i);
            }
            if (clean != null && character != 0) {
                clean.append(bad ? '\uFFFD' : character);
            }
            if (pair) {
                i++;
                if (clean != null) {
                    clean.append(text.charAt(i));
                }
            }
        }
        return clean == null ? text : clean.toString();
    }
}
