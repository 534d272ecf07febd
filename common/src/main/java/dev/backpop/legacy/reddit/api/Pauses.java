package dev.backpop.legacy.reddit.api;

import dev.backpop.legacy.LegacyUnavailableException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Waits between the tries of one request. */
@FunctionalInterface
interface Pauses {
    /** @param retry 1 before the second try, 2 before the third, and so on */
    void before(int retry);

    /** Up to two seconds before the second try and two to four before the third, so that clients do not come back together. */
    static Pauses random() {
        return retry -> {
            try {
                TimeUnit.MILLISECONDS.sleep(
                        2_000L * (retry - 1) + ThreadLocalRandom.current().nextLong(2_000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LegacyUnavailableException("interrupted while waiting to ask again", e);
            }
        };
    }
}
