package dev.backpop.plan;

import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * Where something begins in a file.
 *
 * @param index code points before it, for ordering
 * @param line counted from 1
 */
record Position(int index, int line) {
    static final Position START = new Position(0, 1);

    static Position of(Optional<Mark> mark) {
        return mark.map(known -> new Position(known.getIndex(), known.getLine() + 1))
                .orElse(START);
    }
}
