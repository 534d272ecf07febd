package dev.backpop.queue;

import dev.backpop.legacy.LegacyUnavailableException;
import dev.backpop.legacy.RequestClass;
import dev.backpop.legacy.reddit.api.RedditClient;
import dev.backpop.plan.LegacySource;
import dev.backpop.plan.RedditLogin;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process that asks a Reddit server in eight threads, as fast as it may, until it is killed. */
final class BudgetCaller {
    static final String READY = "asks as fast as it may";

    private static final int THREADS = 8;
    private static final Logger LOG = LoggerFactory.getLogger(BudgetCaller.class);

    private BudgetCaller() {}

    static LegacySource.Reddit source(URI url, int requests, Duration per) {
        return new LegacySource.Reddit(
                url,
                url.resolve("/api/v1/access_token"),
                "linux:backpop-test:1 (by /u/tester)",
                new RedditLogin.Application("client", "secret"),
                requests,
                per,
                THREADS,
                Duration.ofSeconds(16),
                false,
                LegacySource.Lookups.NONE);
    }

    public static void main(String[] arguments) {
        RedisConnection redis = RedisConnection.open(arguments[0]);
        RedditClient client = RedditClient.of(
                source(URI.create(arguments[2]), Integer.parseInt(arguments[3]), Duration.parse(arguments[4])),
                new SharedAccess(redis, new RedisKeys(arguments[1]), RequestClass.valueOf(arguments[5])));
        client.get("/new", Map.of());
        LOG.info("{} {}", arguments[5], READY);
        for (int i = 0; i < THREADS; i++) {
            new Thread(() -> repeat(client)).start();
        }
    }

    private static void repeat(RedditClient client) {
        while (true) {
            try {
                client.get("/api/info", Map.of("id", "t3_1"));
            } catch (LegacyUnavailableException e) {
                LOG.warn("{}", e.getMessage());
            }
        }
    }
}
