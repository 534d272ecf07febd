package dev.backpop.row;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys of one chunk: a half-open range in key order, or a list. */
public sealed interface KeySelection {
    /**
     * Every key from {@code from} on, greater than {@code after} and not greater than {@code last}.
     *
     * @param from inclusive lower bound; null for none
     * @param after exclusive lower bound; null for none
     * @param last inclusive upper bound; null for none
     */
    record Range(
            @Nullable Key from,
            @Nullable Key after,
            @Nullable Key last) implements KeySelection {}

    /** Exactly these keys, whether or not they exist. */
    record Keys(List<Key> keys) implements KeySelection {
        public Keys {
            keys = List.copyOf(keys);
        }
    }
}
