package dev.backpop.row;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys of one chunk: a half-open range in key order, or a list. */
public sealed interface KeySelection {
    /** Those of these keys that are not greater than one of them. */
    KeySelection upTo(Key last, KeyShape shape);

    /** Those of these keys that are greater than one of them. */
    KeySelection after(Key last, KeyShape shape);

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
            @Nullable Key last) implements KeySelection {
        @Override
        public KeySelection upTo(Key end, KeyShape shape) {
            return new Range(from, after, end);
        }

        @Override
        public KeySelection after(Key end, KeyShape shape) {
            return new Range(null, end, last);
        }
    }

    /** Exactly these keys, whether or not they exist. */
    record Keys(List<Key> keys) implements KeySelection {
        public Keys {
            keys = List.copyOf(keys);
        }

        @Override
        public KeySelection upTo(Key last, KeyShape shape) {
            return new Keys(
                    keys.stream().filter(key -> shape.compare(key, last) <= 0).toList());
        }

        @Override
        public KeySelection after(Key last, KeyShape shape) {
            return new Keys(
                    keys.stream().filter(key -> shape.compare(key, last) > 0).toList());
        }
    }
}
