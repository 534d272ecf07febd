package dev.backpop.queue;

import dev.backpop.legacy.RequestClass;
import dev.backpop.legacy.RequestLimit;
import dev.backpop.legacy.RequestResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The request allowance of one legacy store, shared by every process that calls it, by Redis' clock. Thread-safe.
 *
 * <p>Why it is no bucket that fills: a full one gives its whole content away beside what flows in meanwhile, so that a window
 * would see up to twice the allowance. Here a request takes its place from its permission until a whole window has passed since
 * its answer. The server counts it in between, so it never sees more than the allowance in any window, whatever the network
 * does. What that costs is the time of an answer a window, and a hundredth that is kept for live callers.
 */
public final class Budget {
    private static final Script BUDGET = Script.load("budget.lua");
    private static final int LONGEST_SAYING = 300;

    private final RedisConnection connection;
    private final String key;
    private final RequestLimit limit;
    private final LongSupplier shiftMicros;

    /** @param store as in {@link RedisKeys#budget} */
    public Budget(RedisConnection connection, RedisKeys keys, String store, RequestLimit limit) {
        this(connection, keys, store, limit, () -> 0);
    }

    /** @param shiftMicros how far ahead of Redis' clock it is to be, for a test that does not wait */
    Budget(RedisConnection connection, RedisKeys keys, String store, RequestLimit limit, LongSupplier shiftMicros) {
        this.connection = connection;
        this.key = keys.budget(store);
        this.limit = limit;
        this.shiftMicros = shiftMicros;
    }

    /** What became of asking for a permission. */
    sealed interface Answer {
        /**
         * One request may be sent.
         *
         * @param slice where it stands in the log until it is settled
         * @param probe whether it is the one that tells if the store is back
         * @param id who asked
         */
        record Granted(
                String slice,
                boolean probe,
                String id,
                @Nullable String alone) implements Answer {}

        /**
         * None may be sent now.
         *
         * @param time after which to ask again at the earliest
         * @param why in words; with a {@code time} of more than a few seconds, what people are told
         */
        record Refused(Duration time, String why) implements Answer {}
    }

    /**
     * Asks once. Whoever is refused for now is waited for by lower classes, if it asks again with the same id when the wait is
     * over.
     *
     * @param id unique to the request
     */
    Answer take(RequestClass requestClass, String id, @Nullable String alone) {
        List<String> arguments = arguments("take");
        arguments.add(rank(requestClass));
        arguments.add(id);
        arguments.add(alone == null ? "" : alone);
        List<?> answer = run(arguments);
        if (number(answer.get(0)) == 1) {
            return new Answer.Granted(String.valueOf(answer.get(1)), number(answer.get(2)) == 1, id, alone);
        }
        Duration wait = micros(answer.get(1));
        String until = until(number(answer.get(4)), wait);
        return new Answer.Refused(wait, reason(String.valueOf(answer.get(2)), String.valueOf(answer.get(3)), until));
    }

    private static String rank(RequestClass requestClass) {
        return switch (requestClass) {
            case LIVE -> "1";
            case REPAIR -> "2";
            case BACKFILL -> "3";
            case VERIFY -> "4";
        };
    }

    private String reason(String why, String said, String until) {
        return switch (why) {
                    case "stopped" -> "the legacy store wants no requests until " + until + ": it " + said;
                    case "open" ->
                        "the legacy store gets no requests until " + until + ", after failures in a row: it " + said;
                    case "probe" ->
                        "the legacy store failed, and one request is finding out whether it is back: it " + said;
                    case "remaining" ->
                        "the legacy store's own allowance is used up until " + until + ", as its answers say";
                    default ->
                        "the budget of " + limit.requests() + " requests in "
                                + limit.per().toSeconds()
                                + " s (legacy.reddit.requests and per of the plan) is spent until " + until;
                }
                + "; " + key + " in Redis has its state";
    }

    /** Says what came of a request. Not tried again: a permission of which nothing is heard runs out by itself. */
    void settle(Answer.Granted granted, RequestResult result) {
        List<String> arguments = arguments("settle");
        arguments.add(granted.slice());
        arguments.add(granted.probe() ? "1" : "0");
        arguments.add(
                switch (result.kind()) {
                    case ANSWERED -> "answered";
                    case REFUSED -> "refused";
                    case FAILED -> "failed";
                });
        Double remaining = result.remaining();
        arguments.add(remaining == null ? "" : Double.toString(remaining));
        arguments.add(micros(result.reset()));
        arguments.add(micros(result.retryAfter()));
        arguments.add(result.said()
                .substring(0, Math.min(LONGEST_SAYING, result.said().length())));
        String alone = granted.alone();
        arguments.add(alone == null ? "" : alone);
        arguments.add(granted.id());
        connection.once(redis -> BUDGET.run(redis, List.of(key), arguments));
    }

    /** How it stands now. */
    public BudgetState state() {
        List<?> answer = run(arguments("read"));
        long remaining = number(answer.get(3));
        Duration closed = micros(answer.get(4));
        return new BudgetState(
                limit.requests(),
                limit.per(),
                number(answer.get(0)),
                number(answer.get(1)),
                micros(answer.get(2)),
                remaining < 0 ? null : remaining,
                closed,
                closed.isZero() ? null : String.valueOf(answer.get(5)));
    }

    private List<?> run(List<String> arguments) {
        // Applied twice, a permission is lost until it runs out, and nothing else.
        Object answer = connection.retrying(redis -> BUDGET.run(redis, List.of(key), arguments));
        if (answer instanceof List<?> list) {
            return list;
        }
        throw new IllegalStateException("budget.lua answered " + answer);
    }

    private List<String> arguments(String what) {
        return new ArrayList<>(List.of(
                what,
                Long.toString(shiftMicros.getAsLong()),
                Integer.toString(limit.requests()),
                micros(limit.per()),
                micros(limit.longest())));
    }

    private static String until(long nowMicros, Duration wait) {
        long seconds = nowMicros / 1_000_000 + wait.toSeconds() + 1;
        return Instant.ofEpochSecond(seconds).toString();
    }

    private static String micros(@Nullable Duration time) {
        return time == null ? "" : Long.toString(time.toNanos() / 1_000);
    }

    private static Duration micros(Object number) {
        return Duration.ofNanos(number(number) * 1_000);
    }

    private static long number(Object value) {
        return value instanceof Long number ? number : Long.parseLong(String.valueOf(value));
    }
}
