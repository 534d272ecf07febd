package dev.backpop.producer.selftest;

import dev.backpop.row.Key;
import dev.backpop.row.KeyShape;
import dev.backpop.row.KeyType;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keys that neither store has: those before the first one of the legacy store. */
final class FreshKeys {
    private final KeyShape shape;
    private final Key first;

    FreshKeys(KeyShape shape, Key first) {
        this.shape = shape;
        this.first = first;
    }

    /** Whether fresh keys are neighbours of the first one. */
    boolean counted() {
        KeyType last = last();
        return last == KeyType.INTEGER || last == KeyType.DATE;
    }

    /**
     * A fresh key.
     *
     * @param number from 1 to 9; each is another key
     * @return empty where there is no room before the first key
     */
    Optional<Key> get(int number) {
        List<String> parts = new ArrayList<>(first.parts());
        int place = parts.size() - 1;
        String part = parts.get(place);
        String before = switch (last()) {
            case INTEGER -> Long.toString(Long.parseLong(part) - number);
            case DATE -> LocalDate.parse(part).minusDays(number).toString();
            case UUID -> "00000000-0000-0000-0000-00000000000" + number;
            case TEXT -> "!" + number;
        };
        parts.set(place, before);
        Key fresh = new Key(parts);
        return shape.compare(fresh, first) < 0 ? Optional.of(fresh) : Optional.empty();
    }

    private KeyType last() {
        return shape.types().get(shape.types().size() - 1);
    }
}
