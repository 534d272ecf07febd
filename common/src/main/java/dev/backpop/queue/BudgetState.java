package dev.backpop.queue;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the budget of a legacy store stands at one moment.
 *
 * @param requests the allowance
 * @param per in each time of this length
 * @param spent how much of it is taken now, requests under way included
 * @param underWay how many requests wait for their answers
 * @param interval the time between two requests of campaigns, as the allowance and the server's own count allow it
 * @param remaining how many more the server says it will take for now; null when it has not said so
 * @param closed how long it may not be asked at all; zero when it may
 * @param why the reason for that; null when it may be asked
 */
public record BudgetState(
        int requests,
        Duration per,
        long spent,
        long underWay,
        Duration interval,
        @Nullable Long remaining,
        Duration closed,
        @Nullable String why) {
    /** How long so many requests take at least, where nobody else asks. */
    public Duration timeFor(long count) {
        return closed.plus(interval.multipliedBy(count));
    }
}
