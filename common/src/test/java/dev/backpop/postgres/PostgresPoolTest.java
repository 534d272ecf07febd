package dev.backpop.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.problem.StoreUnreachableException;
import dev.backpop.testing.Database;
import dev.backpop.testing.Servers;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class PostgresPoolTest {
    private static final String SETTINGS = "SELECT current_setting('timezone'), current_setting('datestyle'),"
            + " current_setting('intervalstyle'), current_setting('client_encoding'),"
            + " current_setting('default_transaction_read_only'), current_setting('application_name')";

    @Test
    void every_session_is_pinned_whatever_the_database_and_the_machine_say() throws Exception {
        Database database = Database.with();
        database.run(
                "ALTER DATABASE " + database.name() + " SET timezone = 'Asia/Tokyo'",
                "ALTER DATABASE " + database.name() + " SET datestyle = 'German'",
                "ALTER DATABASE " + database.name() + " SET intervalstyle = 'iso_8601'");

        try (PostgresPool target = PostgresPool.target(database.address(), "worker", 2);
                PostgresPool legacy = PostgresPool.legacy(database.address(), "driver", 2, null);
                Connection one = target.connection();
                Connection two = target.connection();
                Connection three = legacy.connection()) {
            String expected = "UTC|ISO, YMD|postgres|UTF8|";
            assertThat(Database.ask(one, SETTINGS)).containsExactly(expected + "off|backpop worker");
            assertThat(Database.ask(two, SETTINGS)).containsExactly(expected + "off|backpop worker");
            assertThat(Database.ask(three, SETTINGS)).containsExactly(expected + "on|backpop driver");
            assertThat(Database.ask(one, "SHOW lock_timeout")).containsExactly("10s");
            assertThat(Database.ask(one, "SHOW statement_timeout")).containsExactly("1min");
            assertThat(Database.ask(one, "SHOW idle_in_transaction_session_timeout"))
                    .containsExactly("15s");
            assertThat(Database.ask(two, "SELECT current_setting('backpop.ledger')"))
                    .containsExactly(Integer.toString(PostgresPool.LEDGER_VERSION));
        }
    }

    @Test
    void a_legacy_session_cannot_write() throws Exception {
        Database database = Database.with("CREATE TABLE t (id int)");
        try (PostgresPool legacy = PostgresPool.legacy(database.address(), "worker", 1, null);
                Connection connection = legacy.connection();
                var statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute("INSERT INTO t VALUES (1)"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("read-only");
        }
    }

    @Test
    void a_wrong_password_is_said_at_once_and_not_repeated() throws Exception {
        Database database = Database.with("CREATE ROLE locked LOGIN PASSWORD 'right'");
        String rules = "host all locked all scram-sha-256\nhost all all all trust\nlocal all all trust";
        database.run(
                "DO $$ BEGIN EXECUTE format('COPY (SELECT regexp_split_to_table(%L, E''\\n'')) TO %L', '" + rules
                        + "', current_setting('hba_file')); END $$",
                "SELECT pg_reload_conf()");
        String url = "postgresql://locked:wr0ng@127.0.0.1:" + Servers.postgres().port() + "/" + database.name();

        try (PostgresPool pool = PostgresPool.target(PostgresAddress.parse("target", url, null, null), "test", 1)) {
            org.awaitility.Awaitility.await()
                    .ignoreNoExceptions()
                    .untilAsserted(() -> assertThatThrownBy(pool::check)
                            .isInstanceOf(StoreUnreachableException.class)
                            .hasMessageContaining("password authentication failed for user \"locked\"")
                            .hasMessageContaining("the target database at 127.0.0.1:")
                            .hasMessageContaining("Check its user and password")
                            .hasMessageNotContaining("wr0ng"));
        }
    }

    @Test
    void a_database_that_is_not_there_and_a_server_that_is_not_there_are_told_apart() throws Exception {
        String none = Servers.postgres().url("no_such_database");
        try (PostgresPool pool =
                PostgresPool.legacy(PostgresAddress.parse("legacy", none, null, null), "test", 1, null)) {
            assertThatThrownBy(pool::check)
                    .isInstanceOf(StoreUnreachableException.class)
                    .hasMessageContaining("no_such_database")
                    .hasMessageContaining("Create the database or correct its URL");
        }
        String nobody = "postgresql://postgres@127.0.0.1:1/shop";
        try (PostgresPool pool =
                PostgresPool.legacy(PostgresAddress.parse("legacy", nobody, null, null), "test", 1, null)) {
            assertThatThrownBy(pool::check)
                    .isInstanceOf(StoreUnreachableException.class)
                    .hasMessageContaining("127.0.0.1:1")
                    .hasMessageContaining("Is it up, and are its URL, user and password right?");
        }
    }
}
