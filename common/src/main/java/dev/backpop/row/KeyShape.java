package dev.backpop.row;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/**
 * The types of an entity's key columns, in key order: reads, writes and orders its keys. Immutable and thread-safe.
 *
 * @param types one per key column, never empty
 */
public record KeyShape(List<KeyType> types) implements Comparator<Key> {
    private static final JsonMapper JSON = JsonMapper.shared();

    public KeyShape {
        types = List.copyOf(types);
        if (types.isEmpty()) {
            throw new IllegalArgumentException("a key needs at least one column");
        }
    }

    /** True for a key of one integer column. */
    public boolean isInteger() {
        return types.equals(List.of(KeyType.INTEGER));
    }

    /** As the ledger keeps it: a JSON array, integers as numbers and everything else as strings. */
    public String toJson(Key key) {
        ArrayNode array = JSON.createArrayNode();
        for (int i = 0; i < types.size(); i++) {
            String part = key.parts().get(i);
            if (types.get(i) == KeyType.INTEGER) {
                array.add(Long.parseLong(part));
            } else {
                array.add(part);
            }
        }
        return array.toString();
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws IllegalArgumentException when the text is not a key of this shape
     */
    public Key fromJson(String json) {
        try {
            return fromJson(JSON.readTree(json));
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not a key: " + json, e);
        }
    }

    /** @throws IllegalArgumentException when the node is not a key of this shape */
    public Key fromJson(JsonNode node) {
        if (!node.isArray() || node.size() != types.size()) {
            throw new IllegalArgumentException(
                    "expected a key of " + types.size() + " column(s) as a JSON array, got: " + node);
        }
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            parts.add(types.get(i).canonical(node.get(i).asString()));
        }
        return new Key(parts);
    }

    /**
     * Reads a key as a person types it: a plain value, or for several columns a JSON array such as {@code ["a", 17]}.
     *
     * @throws IllegalArgumentException when the text is not a key of this shape; the message says how to write one
     */
    public Key parse(String text) {
        if (types.size() == 1) {
            return Key.of(types.get(0).canonical(text));
        }
        try {
            return fromJson(JSON.readTree(text));
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a key of " + types.size() + " columns: write it as a JSON array, such as "
                            + "[\"a\", 17]",
                    e);
        }
    }

    @Override
    public int compare(Key left, Key right) {
        for (int i = 0; i < types.size(); i++) {
            int order = types.get(i).compare(left.parts().get(i), right.parts().get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
