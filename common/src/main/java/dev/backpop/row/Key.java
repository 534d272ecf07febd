package dev.backpop.row;

import java.util.List;

/**
 * The key of one record: the canonical text of each key column, in key order. The legacy and the target key are the same
 * value. Immutable.
 *
 * @param parts one text per key column, never empty
 */
public record Key(List<String> parts) {
    public Key {
        parts = List.copyOf(parts);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("a key needs at least one part");
        }
    }

    public static Key of(String... parts) {
        return new Key(List.of(parts));
    }

    /** As people write it: {@code 17} or {@code (a, 17)}. */
    @Override
    public String toString() {
        return parts.size() == 1 ? parts.get(0) : "(" + String.join(", ", parts) + ")";
    }
}
