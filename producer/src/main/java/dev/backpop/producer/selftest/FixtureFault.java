package dev.backpop.producer.selftest;

import java.util.List;

/**
 * A fault of the built-in fixture.
 *
 * @param sql what plants it in the target
 * @param expected what has to be reported of it
 */
record FixtureFault(String name, String sql, List<Finding> expected) {
    FixtureFault {
        expected = List.copyOf(expected);
    }

    PlantedFault planted() {
        return new PlantedFault(name, expected, null);
    }
}
