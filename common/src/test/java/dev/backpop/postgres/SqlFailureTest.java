package dev.backpop.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.backpop.testing.Database;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlFailureTest {
    @ParameterizedTest
    @CsvSource({
        "22012, ROW",
        "23505, ROW",
        "44000, ROW",
        "P0001, ROW",
        "54000, ROW",
        "54001, ROW",
        "20000, ROW",
        "40001, TRANSIENT",
        "40P01, TRANSIENT",
        "55P03, TRANSIENT",
        "57014, TOO_LARGE",
        "53200, TOO_LARGE",
        "25P03, TOO_LARGE",
        "25P04, TOO_LARGE",
        "08006, UNAVAILABLE",
        "53300, UNAVAILABLE",
        "53100, UNAVAILABLE",
        "57P01, UNAVAILABLE",
        "57P03, UNAVAILABLE",
        "58030, UNAVAILABLE",
        "25006, UNAVAILABLE",
        "28P01, UNAVAILABLE",
        "28000, UNAVAILABLE",
        "3D000, UNAVAILABLE",
        "42P01, PERMANENT",
        "42703, PERMANENT",
        "42501, PERMANENT",
        "21000, PERMANENT",
        "XX000, PERMANENT",
        "0A000, PERMANENT",
        "3F000, PERMANENT",
        "U0001, ROW",
        "ZZ999, ROW",
        "60000, ROW"
    })
    void a_state_says_what_to_do(String state, SqlFailure expected) {
        assertThat(SqlFailure.of(new SQLException("x", state))).isEqualTo(expected);
    }

    @Test
    void without_a_state_it_may_succeed_later() {
        assertThat(SqlFailure.of(new SQLException("x"))).isEqualTo(SqlFailure.TRANSIENT);
        assertThat(SqlFailure.of(new SQLException("x", "???"))).isEqualTo(SqlFailure.TRANSIENT);
    }

    @Test
    void the_servers_words_are_found_behind_the_pools() throws Exception {
        Database database = Database.with("CREATE TABLE film (id int PRIMARY KEY, title text NOT NULL)");

        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> database.run("INSERT INTO film VALUES (1, 'a'), (1, 'b')"))
                .satisfies(refused -> {
                    SQLException wrapped = new SQLTransientConnectionException("pool", refused);
                    assertThat(SqlFailure.of(wrapped)).isEqualTo(SqlFailure.ROW);
                    assertThat(SqlFailure.constraint(wrapped)).isEqualTo("film_pkey");
                    assertThat(SqlFailure.message(wrapped))
                            .isEqualTo("duplicate key value violates unique constraint \"film_pkey\""
                                    + " (Key (id)=(1) already exists.)");
                });
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> database.run("INSERT INTO film VALUES (1, NULL)"))
                .satisfies(refused -> assertThat(SqlFailure.column(refused)).isEqualTo("title"));
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> database.run("DO $$ BEGIN RAISE 'one\ntwo'; END $$"))
                .satisfies(refused -> assertThat(SqlFailure.message(refused)).isEqualTo("one two"));
    }
}
