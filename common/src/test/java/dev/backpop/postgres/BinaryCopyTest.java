package dev.backpop.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.row.Row;
import dev.backpop.testing.Database;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BinaryCopyTest {
    private static Row row(int id, byte @Nullable [] text) {
        return new Row(new byte[][] {ByteBuffer.allocate(4).putInt(id).array(), text});
    }

    private static Database database() throws SQLException {
        return Database.with("CREATE TABLE t (id int PRIMARY KEY CHECK (id > 0), x bytea)");
    }

    private static List<Row> out(Connection connection, String query) throws SQLException {
        List<Row> rows = new ArrayList<>();
        BinaryCopy.out(connection, query, rows::add);
        return rows;
    }

    @Test
    void no_rows_are_no_rows_both_ways() throws Exception {
        try (Connection connection = database().connect()) {
            BinaryCopy.in(connection, "t (id, x)", List.of());

            assertThat(out(connection, "SELECT * FROM t")).isEmpty();
        }
    }

    @Test
    void nulls_empty_values_and_values_of_megabytes_come_back_byte_for_byte() throws Exception {
        byte[] wide = new byte[5 << 20];
        wide[wide.length - 1] = 7;
        try (Connection connection = database().connect()) {
            BinaryCopy.in(connection, "t (id, x)", List.of(row(1, null), row(2, new byte[0]), row(3, wide)));

            List<Row> rows = out(connection, "SELECT id, x FROM t ORDER BY id");

            assertThat(rows).hasSize(3);
            assertThat(rows.get(0).field(1)).isNull();
            assertThat(rows.get(1).field(1)).isEmpty();
            assertThat(rows.get(2).field(1)).isEqualTo(wide);
        }
    }

    @Test
    void ten_thousand_rows_arrive_once_each() throws Exception {
        List<Row> rows = new ArrayList<>();
        for (int i = 1; i <= 10_000; i++) {
            rows.add(row(i, ("row " + i).getBytes(UTF_8)));
        }
        Database database = database();
        try (Connection connection = database.connect()) {
            BinaryCopy.in(connection, "t (id, x)", rows);

            assertThat(out(connection, "SELECT * FROM t")).hasSize(10_000);
            assertThat(database.ask("SELECT count(*), min(id), max(id) FROM t")).containsExactly("10000|1|10000");
        }
    }

    @Test
    void a_stream_that_ends_with_the_buffer_is_whole() throws Exception {
        try (Connection connection = database().connect()) {
            // Header 19, trailer 2, row 2 + 4: as many bytes as the buffer holds.
            String query = "SELECT repeat('x', 65509)";
            for (int i = 0; i < 20; i++) {
                assertThat(out(connection, query)).hasSize(1);
                assertThat(Database.ask(connection, "SELECT 1")).containsExactly("1");
            }
        }
    }

    @Test
    void an_error_on_the_way_out_is_the_servers_and_the_session_lives_on() throws Exception {
        try (Connection connection = database().connect()) {
            AtomicInteger delivered = new AtomicInteger();

            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> BinaryCopy.out(
                            connection,
                            "SELECT 10 / (50000 - i), repeat('x', 100) FROM generate_series(1, 100000) AS i",
                            row -> delivered.incrementAndGet()))
                    .satisfies(failure -> assertThat(failure.getSQLState()).isEqualTo("22012"));

            assertThat(delivered).hasValueBetween(1, 49_999);
            assertThat(out(connection, "SELECT 1")).hasSize(1);
        }
    }

    @Test
    void a_consumer_that_gives_up_ends_the_stream_and_the_session_lives_on() throws Exception {
        try (Connection connection = database().connect()) {
            assertThatThrownBy(() -> BinaryCopy.out(
                            connection, "SELECT repeat('x', 1000) FROM generate_series(1, 100000)", row -> {
                                throw new IllegalStateException("enough");
                            }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("enough");

            assertThat(out(connection, "SELECT 1")).hasSize(1);
        }
    }

    @Test
    void rows_that_the_server_refuses_leave_nothing_and_the_session_lives_on() throws Exception {
        Database database = database();
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            rows.add(row(i, new byte[3_000]));
        }
        try (Connection connection = database.connect()) {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> BinaryCopy.in(connection, "t (id, x)", rows))
                    .satisfies(failure ->
                            assertThat(SqlFailure.root(failure).getSQLState()).isEqualTo("23514"));

            BinaryCopy.in(connection, "t (id, x)", List.of(row(1, null)));
            assertThat(database.ask("SELECT count(*) FROM t")).containsExactly("1");
        }
    }

    @Test
    void a_query_that_cannot_run_is_the_servers_error() throws Exception {
        try (Connection connection = database().connect()) {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> out(connection, "SELECT * FROM nothing"))
                    .satisfies(failure -> assertThat(failure.getSQLState()).isEqualTo("42P01"));
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> BinaryCopy.in(connection, "nothing (a)", List.of()))
                    .satisfies(failure -> assertThat(failure.getSQLState()).isEqualTo("42P01"));
        }
    }
}
