package dev.backpop.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://:hush@host:6379",
                "rediss://me:hush@host/0",
                "jdbc:postgresql://me:hush@db/shop",
                "redis://me:hu@hush@host",
                "redis://me:a/hush@host",
                "two redis://a:hush@one postgresql://b:hush@two",
                "jdbc:postgresql://db/shop?user=me&password=hush&ssl=true",
                "jdbc:postgresql://db/shop?sslpassword=hush",
                "BACKPOP_TARGET_PASSWORD=hush",
                "PASSWORD = 'hush hush'",
                "client_secret=hush;x",
                "access_token=hush",
                "{\"password\": \"hush\"}",
                "{\"refresh_token\":\"a\\\"hush\"}",
                "Authorization: Bearer hush.hush",
                "authorization: basic aHVzaA==hush"
            })
    void a_secret_never_comes_through(String text) {
        assertThat(Secrets.mask(text)).doesNotContain("hush").contains("***");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no answer from redis://127.0.0.1:6379 (timed out) | no answer from redis://127.0.0.1:6379 (timed out)",
                "password authentication failed for user \"me\" | password authentication failed for user \"me\"",
                "set BACKPOP_TARGET_PASSWORD_FILE=/run/secrets/target | set BACKPOP_TARGET_PASSWORD_FILE=/run/secrets/target",
                "ask ann@example.org | ask ann@example.org",
                "x?password=hush&ssl=true | x?password=***&ssl=true",
                "jdbc:postgresql://me:hush@db/shop?ssl=true | jdbc:postgresql://***@db/shop?ssl=true",
                "{\"password\":\"hush\",\"next\":1} | {\"password\":\"***\",\"next\":1}"
            })
    void what_is_no_secret_stays_readable(String text, String expected) {
        assertThat(Secrets.mask(text)).isEqualTo(expected);
    }

    @Test
    void no_text_is_an_empty_one() {
        assertThat(Secrets.mask(null)).isEmpty();
    }

    @Test
    void a_mask_is_masked_to_itself() {
        String once = Secrets.mask("redis://:hush@host password=hush");

        assertThat(Secrets.mask(once)).isEqualTo(once);
    }

    @Test
    void a_long_line_of_anything_takes_no_time_to_speak_of() {
        for (String piece : List.of("a", "://", "password", "\"secret\":\"", "token = ", "://x@")) {
            String large = piece.repeat(200_000 / piece.length());

            assertTimeoutPreemptively(Duration.ofSeconds(10), () -> Secrets.mask(large), piece);
        }
    }
}
