package dev.backpop.producer.selftest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A fault that stands among clean rows, or could not be planted.
 *
 * @param name what was done
 * @param expected what a verification has to report; empty when the fault could not be planted
 * @param notPlanted why it could not be; null when it was
 */
record PlantedFault(
        String name, List<Finding> expected, @Nullable String notPlanted) {
    PlantedFault {
        expected = List.copyOf(expected);
    }

    static PlantedFault notApplicable(String name, String reason) {
        return new PlantedFault(name, List.of(), reason);
    }
}
