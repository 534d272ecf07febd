package dev.backpop.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.StoreUnreachableException;
import dev.backpop.scratch.ScratchRedis;
import dev.backpop.testing.Servers;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisConnectionTest {
    @Test
    void a_plain_server_will_do() {
        try (RedisConnection connection = RedisConnection.open(Servers.redis().url())) {
            assertThatCode(connection::check).doesNotThrowAnyException();
        }
    }

    @Test
    void where_no_server_listens_the_message_names_the_address_and_the_setting() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        for (String url : new String[] {
            "redis://:s3cret@127.0.0.1:" + port,
            "redis-cluster://:s3cret@127.0.0.1:" + port,
            "redis-sentinel://:s3cret@127.0.0.1:" + port + "/main"
        }) {
            assertThatThrownBy(() -> {
                        try (RedisConnection connection = RedisConnection.open(url)) {
                            connection.check();
                        }
                    })
                    .isInstanceOf(StoreUnreachableException.class)
                    .hasMessageContaining("127.0.0.1:" + port)
                    .hasMessageContaining("start it")
                    .hasMessageContaining("BACKPOP_REDIS_URL")
                    .hasMessageNotContaining("s3cret")
                    .hasStackTraceContaining("edis")
                    .satisfies(failure -> assertThat(stackTrace(failure)).doesNotContain("s3cret"));
        }
    }

    @Test
    void passwords_are_used_and_wrong_or_missing_ones_are_named_as_the_cause() {
        withServer("requirepass p@ss", server -> {
            try (RedisConnection right = RedisConnection.open("redis://:p%40ss@127.0.0.1:" + server.port())) {
                right.check();
            }
            try (RedisConnection wrong = RedisConnection.open("redis://:s3cret@127.0.0.1:" + server.port())) {
                assertThatThrownBy(wrong::check)
                        .isInstanceOf(StoreUnreachableException.class)
                        .hasMessageContaining("refused the password")
                        .satisfies(failure -> assertThat(stackTrace(failure)).doesNotContain("s3cret"));
            }
            try (RedisConnection none = RedisConnection.open("redis://127.0.0.1:" + server.port())) {
                assertThatThrownBy(none::check)
                        .isInstanceOf(StoreUnreachableException.class)
                        .hasMessageContaining("without a password");
            }
        });
    }

    @Test
    void users_of_the_access_list_are_served_and_told_what_they_may_not() {
        withServer("user worker on >pw ~* +@all -hgetall", server -> {
            try (RedisConnection connection = RedisConnection.open("redis://worker:pw@127.0.0.1:" + server.port())) {
                connection.check();
                assertThatThrownBy(() -> new Progress(connection, new RedisKeys("backpop")).read("x"))
                        .isInstanceOf(StoreUnreachableException.class)
                        .hasMessageContaining("hgetall")
                        .hasMessageContaining("ACL");
            }
        });
    }

    @Test
    void a_server_that_evicts_is_refused_with_the_command_that_mends_it() {
        ScratchRedis server = ScratchRedis.start(Servers.newFolder(), "maxmemory 50mb", "maxmemory-policy allkeys-lru");
        try (server;
                RedisConnection connection = RedisConnection.open(server.url())) {
            assertThatThrownBy(connection::check)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("allkeys-lru")
                    .hasMessageContaining("CONFIG SET maxmemory-policy noeviction");
        }
    }

    @Test
    void a_policy_that_never_applies_is_accepted() {
        withServer("maxmemory-policy allkeys-lru", server -> {
            try (RedisConnection connection = RedisConnection.open(server.url())) {
                assertThatCode(connection::check).doesNotThrowAnyException();
            }
        });
    }

    @Test
    void versions_before_6_2_are_refused() {
        String memory = "maxmemory:0\r\nmaxmemory_policy:noeviction\r\n";

        assertThatThrownBy(() -> ServerCheck.check("h:1", "# Server\r\nredis_version:6.0.16\r\n", memory))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("6.0.16");
        assertThatThrownBy(() -> ServerCheck.check("h:1", "redis_version:5.0.7\r\n", memory))
                .isInstanceOf(InvalidInputException.class);
        for (String version : new String[] {"6.2.0", "7.0.15", "8.2", "10.0.1", "255.255.255", "unknown"}) {
            assertThatCode(() -> ServerCheck.check("h:1", "redis_version:" + version + "\r\n", memory))
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost:6379",
                "http://s3cret@h:1",
                "redis://s3cret@h:1",
                "redis://:s3cret@h:port",
                "redis://:s3cret@:6379",
                "redis://:s3cret@h:0",
                "redis://:s3cret@h:99999",
                "redis://:s3cret@h:1/db",
                "redis://:s3cret%zz@h:1",
                "redis://:s3cret@h:1,i:2",
                "redis-sentinel://:s3cret@h:1,i:2",
                "redis-cluster://:s3cret@h:1,i:2/3"
            })
    void malformed_urls_are_refused_without_repeating_them(String url) {
        assertThatThrownBy(() -> RedisUrl.parse(url))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("BACKPOP_REDIS_URL")
                .satisfies(failure -> assertThat(stackTrace(failure)).doesNotContain("s3cret"));
    }

    @Test
    void urls_are_read_and_described_without_secrets() {
        RedisUrl plain = RedisUrl.parse("rediss://me:p%40+s%2Fs@redis.example:6380/3");
        assertThat(plain.user()).isEqualTo("me");
        assertThat(plain.password()).isEqualTo("p@+s/s");
        assertThat(plain.database()).isEqualTo(3);
        assertThat(plain.secure()).isTrue();
        assertThat(plain.toString()).isEqualTo("rediss://redis.example:6380/3");
        RedisUrl sentinel = RedisUrl.parse("redis-sentinel://:pw@a:1,b/main");
        assertThat(sentinel.toString()).isEqualTo("redis-sentinel://a:1,b:26379/main");
        assertThat(sentinel.user()).isNull();
        assertThat(RedisUrl.parse("redis-cluster://a:1,b:2").toString()).isEqualTo("redis-cluster://a:1,b:2");
        assertThat(RedisUrl.parse("redis://localhost").where()).isEqualTo("localhost:6379");
        assertThat(RedisUrl.parse("redis://[::1]:7000").hosts().get(0).getHost())
                .isEqualTo("::1");
        try (RedisConnection connection = RedisConnection.open("redis://u:pw@localhost:1/2")) {
            assertThat(connection.describe()).isEqualTo("redis://localhost:1/2");
        }
    }

    static void withServer(String setting, Consumer<ScratchRedis> test) {
        try (ScratchRedis server = ScratchRedis.start(Servers.newFolder(), setting)) {
            test.accept(server);
        }
    }

    static String stackTrace(Throwable failure) {
        java.io.StringWriter text = new java.io.StringWriter();
        failure.printStackTrace(new java.io.PrintWriter(text));
        return text.toString();
    }
}
