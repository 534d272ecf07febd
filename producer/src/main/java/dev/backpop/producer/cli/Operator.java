package dev.backpop.producer.cli;

import dev.backpop.settings.Environment;

/** Who uses this process. */
final class Operator {
    private Operator() {}

    /** As {@code user@host}, as far as the process knows. */
    static String of(Environment environment) {
        String host = environment.raw("HOSTNAME");
        return System.getProperty("user.name", "unknown") + "@" + (host == null ? "localhost" : host);
    }
}
