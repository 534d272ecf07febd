package dev.backpop.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** How much Backpop's own loggers say. */
public final class LogLevel {
    private LogLevel() {}

    /** Lets Backpop's own loggers write debug lines from now on; other libraries stay as they are. */
    public static void debug() {
        if (LoggerFactory.getLogger("dev.backpop") instanceof Logger logger) {
            logger.setLevel(Level.DEBUG);
        }
    }
}
