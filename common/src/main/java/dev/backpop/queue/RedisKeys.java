package dev.backpop.queue;

import dev.backpop.problem.InvalidInputException;
import java.util.List;

/**
 * The names of all keys in Redis: the contract that people watch with {@code redis-cli}. Every key of a campaign carries
 * the hash tag <code>{ID}</code>, so that one campaign is one slot of a cluster.
 */
public final class RedisKeys {
    /** The consumer group of every campaign's task stream. */
    public static final String GROUP = "workers";

    private final String prefix;

    /**
     * @param prefix what every key starts with, {@code backpop} by default
     * @throws InvalidInputException when it is empty or would spoil the hash tags
     */
    public RedisKeys(String prefix) {
        if (prefix.isBlank() || prefix.contains("{") || prefix.contains("}")) {
            throw new InvalidInputException(
                    "the Redis key prefix is \"" + prefix + "\"; give one without braces, such as backpop");
        }
        this.prefix = prefix;
    }

    /** Sorted set: ids of active campaigns by creation time. */
    public String campaigns() {
        return prefix + ":campaigns";
    }

    /** Hash: what the campaign is and how it stands. */
    public String campaign(String id) {
        return of(id, "campaign");
    }

    /** Hash: its counters. */
    public String progress(String id) {
        return of(id, "progress");
    }

    /** Stream with the group {@link #GROUP}: queued and leased chunks. */
    public String tasks(String id) {
        return of(id, "tasks");
    }

    /** Sorted set: chunks that wait out a backoff, by due time in milliseconds. */
    public String retry(String id) {
        return of(id, "retry");
    }

    /** Stream, capped: chunks that were set aside, with the reason. */
    public String dead(String id) {
        return of(id, "dead");
    }

    /** Bitmap by chunk number: which chunks are counted as done in {@link #progress}. */
    public String counted(String id) {
        return of(id, "counted");
    }

    /** Bitmap by chunk number: which chunks are counted as failed in {@link #progress}. */
    public String failed(String id) {
        return of(id, "failed");
    }

    /** Hash: how many rows have been begun beyond what the campaign's rate allowed, and when that was so. */
    public String rate(String id) {
        return of(id, "rate");
    }

    /** Sorted set: names of workers by their last heartbeat in milliseconds. */
    public String workers() {
        return prefix + ":workers";
    }

    /** Hash that expires: what a worker says of itself. */
    public String worker(String name) {
        return prefix + ":worker:" + name;
    }

    /** Hash that expires a day after the last request: the budget of a legacy store, see budget.lua. */
    public String budget(String store) {
        return prefix + ":budget:" + named(store);
    }

    /** String that expires: a sealed token that the processes which call a legacy store share. */
    public String token(String store, String name) {
        return prefix + ":token:" + named(store) + ":" + name;
    }

    private static String named(String store) {
        if (!store.matches("[A-Za-z0-9.-]+")) {
            throw new IllegalArgumentException("no name of a legacy store: " + store);
        }
        return store;
    }

    /** Channel: hints to look now. */
    public String control() {
        return prefix + ":control";
    }

    /** Every key that a campaign may have, the campaign hash first. */
    List<String> all(String id) {
        return List.of(campaign(id), progress(id), tasks(id), retry(id), dead(id), counted(id), failed(id), rate(id));
    }

    private String of(String id, String what) {
        if (id.isBlank() || id.contains("{") || id.contains("}")) {
            throw new InvalidInputException("\"" + id + "\" is no campaign id; see backpop campaigns");
        }
        return prefix + ":{" + id + "}:" + what;
    }
}
