package dev.backpop.queue;

import dev.backpop.problem.StoreUnreachableException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A listener on a channel that reconnects for ever, with a growing delay, until closed. After a long silence it connects
 * anew as well: on a connection that a firewall dropped, silence is all there ever is.
 */
public final class Subscription implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);
    private static final long SHORTEST_DELAY_MILLIS = 100;
    private static final long LONGEST_DELAY_MILLIS = 10_000;

    private final RedisConnection connection;
    private final String channel;
    private final Consumer<String> listener;
    private final Duration longestSilence;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean listening;
    private volatile @Nullable JedisPubSub current;
    private long delayMillis = SHORTEST_DELAY_MILLIS;

    private Subscription(
            RedisConnection connection, String channel, Consumer<String> listener, Duration longestSilence) {
        this.connection = connection;
        this.channel = channel;
        this.listener = listener;
        this.longestSilence = longestSilence;
    }

    static Subscription start(
            RedisConnection connection, String channel, Consumer<String> listener, Duration longestSilence) {
        Subscription subscription = new Subscription(connection, channel, listener, longestSilence);
        Thread thread = new Thread(subscription::run, "backpop-control");
        thread.setDaemon(true);
        thread.start();
        return subscription;
    }

    /** True while Redis sends what is published. */
    public boolean isListening() {
        return listening;
    }

    /** Stops listening; a message that is being handled is handled to its end. */
    @Override
    public void close() {
        closed.countDown();
        JedisPubSub messages = current;
        if (messages != null && listening) {
            try {
                messages.unsubscribe();
            } catch (JedisException e) {
                LOG.debug("the connection for {} was gone already", channel, e);
            }
        }
    }

    private void run() {
        while (closed.getCount() > 0) {
            listenOnce();
            try {
                if (closed.await(delayMillis, TimeUnit.MILLISECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                LOG.warn("stopped listening on {}: its thread was interrupted", channel);
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void listenOnce() {
        try (RedisConnection open = connection.dedicated(longestSilence)) {
            JedisPubSub messages = new Messages();
            current = messages;
            open.once(redis -> {
                redis.subscribe(messages, channel);
                return true;
            });
        } catch (StoreUnreachableException e) {
            // One that was listening is tried again at once, without a word: most likely it was only silent for long.
            if (closed.getCount() > 0 && !listening) {
                LOG.warn("not listening on {}, trying again in {} ms: {}", channel, delayMillis, e.getMessage());
                delayMillis = Math.min(LONGEST_DELAY_MILLIS, delayMillis * 2);
            }
        } catch (RuntimeException e) {
            LOG.error("not listening on {}, trying again in {} ms", channel, delayMillis, e);
            delayMillis = Math.min(LONGEST_DELAY_MILLIS, delayMillis * 2);
        } finally {
            current = null;
            listening = false;
        }
    }

    private final class Messages extends JedisPubSub {
        @Override
        public void onSubscribe(String subscribed, int count) {
            listening = true;
            delayMillis = SHORTEST_DELAY_MILLIS;
            if (closed.getCount() == 0) {
                unsubscribe();
            }
        }

        @Override
        public void onMessage(String from, String message) {
            try {
                listener.accept(message);
            } catch (RuntimeException e) {
                LOG.error("the listener on {} failed; it will hear the next message", channel, e);
            }
        }
    }
}
