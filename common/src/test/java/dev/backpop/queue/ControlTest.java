package dev.backpop.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backpop.scratch.ScratchRedis;
import dev.backpop.testing.Servers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class ControlTest {
    RedisKeys keys = new RedisKeys(Servers.newPrefix());
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @Test
    void listeners_hear_what_is_published_until_they_close() {
        try (RedisConnection connection = RedisConnection.open(Servers.redis().url())) {
            Control control = new Control(connection, keys);
            Subscription subscription = control.subscribe(heard::add);
            await().until(subscription::isListening);

            control.publish("pause a");
            control.publish("resume a");
            await().untilAsserted(() -> assertThat(heard).containsExactly("pause a", "resume a"));

            subscription.close();
            await().until(() -> listeners(connection) == 0);
        }
    }

    @Test
    void a_listener_that_fails_hears_the_next_message() {
        try (RedisConnection connection = RedisConnection.open(Servers.redis().url())) {
            Control control = new Control(connection, keys);
            try (Subscription subscription = control.subscribe(message -> {
                heard.add(message);
                throw new IllegalStateException("planted: " + message);
            })) {
                await().until(subscription::isListening);
                control.publish("one");
                control.publish("two");

                await().untilAsserted(() -> assertThat(heard).containsExactly("one", "two"));
            }
        }
    }

    @Test
    void listening_survives_a_restart_of_the_server() {
        ScratchRedis first = ScratchRedis.start(Servers.newFolder());
        try (RedisConnection connection = RedisConnection.open(first.url())) {
            Control control = new Control(connection, keys);
            try (Subscription subscription = control.subscribe(heard::add)) {
                await().until(subscription::isListening);
                first.close();
                await().until(() -> !subscription.isListening());

                try (ScratchRedis second = ScratchRedis.startOn(first.port(), Servers.newFolder())) {
                    await().until(subscription::isListening);
                    control.publish("again");
                    await().untilAsserted(() -> assertThat(heard).containsExactly("again"));
                    assertThat(second.port()).isEqualTo(first.port());
                }
            }
        }
    }

    @Test
    void a_silent_connection_is_replaced() {
        try (RedisConnection connection = RedisConnection.open(Servers.redis().url());
                Subscription subscription =
                        Subscription.start(connection, keys.control(), heard::add, Duration.ofMillis(50))) {
            await().until(subscription::isListening);
            await().until(() -> !subscription.isListening());
            await().untilAsserted(() -> {
                new Control(connection, keys).publish("still there");
                assertThat(List.copyOf(heard)).contains("still there");
            });
        }
    }

    private long listeners(RedisConnection connection) {
        return connection.once(redis -> redis.publish(keys.control(), "anyone"));
    }
}
