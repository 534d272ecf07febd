package dev.backpop.queue;

import dev.backpop.problem.StoreUnreachableException;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/** What a failed call to Redis means, in words a person can act upon. */
final class RedisFailure {
    private RedisFailure() {}

    /** True when the consumer group is gone: Redis was flushed, or the campaign was never dispatched. */
    static boolean isNoGroup(Throwable failure) {
        return says(failure, "NOGROUP");
    }

    static boolean isBusyGroup(Throwable failure) {
        return says(failure, "BUSYGROUP");
    }

    static boolean isOutOfMemory(Throwable failure) {
        return says(failure, "OOM command not allowed");
    }

    /** True when the connection broke, so that a second try gets another. */
    static boolean isBrokenConnection(Throwable failure) {
        return failure instanceof JedisConnectionException && !says(failure, "WRONGPASS") && !says(failure, "NOAUTH");
    }

    /** Never holds a secret: neither the URL's password nor a command's arguments are in it. */
    static StoreUnreachableException explain(JedisException failure, RedisUrl url) {
        String redis = "Redis at " + url.where() + " ";
        if (isOutOfMemory(failure)) {
            return new StoreUnreachableException(
                    redis + "is out of memory and takes no more writes; raise maxmemory (CONFIG SET maxmemory 512mb,"
                            + " and in its configuration) or free memory. Nothing is lost: the ledger has every chunk",
                    failure);
        }
        if (says(failure, "WRONGPASS") || says(failure, "NOAUTH") || says(failure, "invalid password")) {
            return new StoreUnreachableException(
                    redis + "refused the " + (url.password() == null ? "connection without a password" : "password")
                            + "; put the right user and password into --redis-url or BACKPOP_REDIS_URL",
                    failure);
        }
        if (failure instanceof JedisAccessControlException || says(failure, "NOPERM")) {
            return new StoreUnreachableException(
                    redis + "does not permit a command: " + deepest(failure) + "; extend the user's ACL", failure);
        }
        if (says(failure, "Could not get a resource from the pool")
                && says(failure, "Timeout waiting for idle object")) {
            return new StoreUnreachableException(
                    redis + "answers too slowly: every connection of the pool was busy for "
                            + RedisConnection.MAX_WAIT.toSeconds() + " s; look at its load with redis-cli --latency",
                    failure);
        }
        if (failure instanceof redis.clients.jedis.exceptions.JedisDataException) {
            return new StoreUnreachableException(
                    redis + "refused a command: " + deepest(failure)
                            + "; see whether it is loading, failing over, or holds keys of something else",
                    failure);
        }
        return new StoreUnreachableException(
                redis + "cannot be reached: " + deepest(failure)
                        + "; start it, or name another with --redis-url or BACKPOP_REDIS_URL",
                failure);
    }

    private static boolean says(Throwable failure, String words) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            String message = at.getMessage();
            if (message != null && message.contains(words)) {
                return true;
            }
            for (Throwable suppressed : at.getSuppressed()) {
                if (says(suppressed, words)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String deepest(Throwable failure) {
        Throwable at = failure;
        while (at.getCause() != null) {
            at = at.getCause();
        }
        String message = at.getMessage();
        if (message == null && at.getSuppressed().length > 0) {
            return deepest(at.getSuppressed()[0]);
        }
        return message == null ? at.getClass().getSimpleName() : message.replaceFirst("\\.+$", "");
    }
}
