package dev.backpop.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.DriverManager;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ServersTest {
    @Test
    void logging_reaches_logback_and_not_the_silent_fallback() {
        assertThat(LoggerFactory.getILoggerFactory().getClass().getName()).startsWith("ch.qos.logback");
    }

    @Test
    void every_test_gets_an_empty_database_of_its_own() throws Exception {
        String one = Servers.newDatabase();
        String two = Servers.newDatabase();

        assertThat(one).isNotEqualTo(two);
        try (var connection = DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + Servers.postgres().port() + one.substring(one.lastIndexOf('/')),
                "postgres",
                "")) {
            assertThat(connection.isValid(1)).isTrue();
        }
    }
}
