package dev.backpop.legacy;

import java.time.Duration;

/**
 * How many requests a legacy store may be sent, by all processes together.
 *
 * @param requests at most so many in any time of this length
 * @param per that length
 * @param longest how long one request can take at most, after which it is over whatever came of it
 */
public record RequestLimit(int requests, Duration per, Duration longest) {
    public RequestLimit {
        if (requests < 1 || per.isZero() || per.isNegative() || longest.isZero() || longest.isNegative()) {
            throw new IllegalArgumentException("a limit of " + requests + " requests in " + per + ", " + longest);
        }
    }
}
