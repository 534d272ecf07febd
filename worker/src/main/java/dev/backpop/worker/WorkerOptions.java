package dev.backpop.worker;

import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.Problem;
import dev.backpop.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a worker was asked to be.
 *
 * @param lanes how many chunks it runs at a time, 1 to 64
 * @param healthPort where it answers HTTP; 0 for any free port
 * @param grace how long it may finish its chunks after it was told to stop; not negative
 * @param withParent true when it stops as soon as its standard input ends
 */
record WorkerOptions(int lanes, int healthPort, Duration grace, boolean withParent, Settings settings) {
    static final int DEFAULT_LANES = 2;
    static final int DEFAULT_HEALTH_PORT = 8081;
    static final Duration DEFAULT_GRACE = Duration.ofSeconds(20);

    /** @throws InvalidInputException naming every setting that is out of range */
    WorkerOptions {
        List<Problem> problems = new ArrayList<>();
        if (lanes < 1 || lanes > 64) {
            problems.add(new Problem("--lanes (BACKPOP_LANES)", lanes + " is not within 1 to 64"));
        }
        if (healthPort < 0 || healthPort > 65_535) {
            problems.add(
                    new Problem("--health-port (BACKPOP_HEALTH_PORT)", healthPort + " is not a port: use 0 to 65535"));
        }
        if (grace.isNegative()) {
            problems.add(new Problem("--grace", grace.toSeconds() + " seconds is less than none"));
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
    }
}
