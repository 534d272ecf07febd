package dev.backpop.producer.cli;

import dev.backpop.settings.Environment;
import java.time.Clock;

/** What a command finds around it; a test puts up its own. */
record Surroundings(Environment environment, Clock clock, Terminal terminal) {
    /** Those of this process. */
    static Surroundings ofProcess() {
        return new Surroundings(Environment.ofProcess(), Clock.systemUTC(), Terminal.ofProcess());
    }
}
