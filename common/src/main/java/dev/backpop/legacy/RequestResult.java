package dev.backpop.legacy;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What came of one request, for the budget that gave the permission.
 *
 * @param said what the server said or how it failed, in a few words for people; never holds a secret
 * @param remaining how many requests more the server says it will take until {@code reset} has passed; null when it does not
 * @param reset null when the server does not say
 * @param retryAfter how long the server wants not to be asked; null when it does not say
 */
public record RequestResult(
        Kind kind,
        String said,
        @Nullable Double remaining,
        @Nullable Duration reset,
        @Nullable Duration retryAfter) {
    /** What a request says of the server's health. */
    public enum Kind {
        /** It works: it gave an answer, be it that there is nothing. */
        ANSWERED,
        /** It works and wants to be asked less. */
        REFUSED,
        /** It did not answer, or with an error of its own. */
        FAILED
    }

    /** A request that failed before there was any answer to read. */
    public static RequestResult failed(String said) {
        return new RequestResult(Kind.FAILED, said, null, null, null);
    }
}
