package dev.backpop.producer.cli;

import dev.backpop.problem.InvalidInputException;
import dev.backpop.settings.Environment;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a command finds around it; a test puts up its own.
 *
 * @param answers what a person types at the terminal, a line a call; null when there is nobody to ask
 */
record Surroundings(Environment environment, Clock clock, Terminal terminal, Supplier<@Nullable String> answers) {
    /** With nobody to ask. */
    Surroundings(Environment environment, Clock clock, Terminal terminal) {
        this(environment, clock, terminal, () -> null);
    }

    /** Those of this process. */
    static Surroundings ofProcess() {
        return new Surroundings(Environment.ofProcess(), Clock.systemUTC(), Terminal.ofProcess(), Surroundings::typed);
    }

    private static @Nullable String typed() {
        try {
            return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        } catch (IOException e) {
            throw new InvalidInputException("the terminal cannot be read: " + e.getMessage());
        }
    }
}
