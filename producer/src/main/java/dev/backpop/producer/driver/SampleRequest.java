package dev.backpop.producer.driver;

import dev.backpop.problem.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * A sample that somebody asks for, of the keys that a verification would otherwise go over.
 *
 * @param size how many keys, at least 1; where there are fewer, all of them
 * @param seed draws the same sample of the same keys again; null to make one up
 */
public record SampleRequest(int size, @Nullable Long seed) {
    /** Listed keys are held in memory. */
    public static final int MOST = 1_000_000;

    /** @throws InvalidInputException when the size is out of its bounds */
    public SampleRequest {
        if (size < 1 || size > MOST) {
            throw new InvalidInputException("--sample: " + size + " is not within 1 to " + MOST
                    + "; to compare more, leave it out or give a range with --from and --to");
        }
    }
}
