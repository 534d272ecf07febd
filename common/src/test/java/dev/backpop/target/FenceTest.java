package dev.backpop.target;

import static dev.backpop.target.TargetFixture.counts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.backpop.problem.InvalidInputException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.PGConnection;

class FenceTest {
    /** Keys 1 to 5 are there, 6 to 9 are not; the legacy store has all nine. */
    private static final String LEGACY = "SELECT i, 'legacy' FROM generate_series(1, 9) AS i";

    private static final String ALL =
            "1=legacy 2=legacy 3=legacy 4=legacy 5=legacy 6=legacy 7=legacy 8=legacy 9=legacy";

    /** What others do, and what is to be found after a write that must respect it. */
    static Stream<Arguments> liveWrites() {
        return Stream.of(
                Arguments.of("UPDATE t SET x = 'live' WHERE id = 2", ALL.replace("2=legacy", "2=live"), "8 0 1 0"),
                Arguments.of(
                        "UPDATE t SET x = 'live' WHERE id < 4", ALL.replaceAll("([123])=legacy", "$1=live"), "6 0 3 0"),
                Arguments.of("INSERT INTO t VALUES (7, 'live')", ALL.replace("7=legacy", "7=live"), "8 0 1 0"),
                Arguments.of(
                        "INSERT INTO t VALUES (8, 'live'), (6, 'live')",
                        ALL.replaceAll("([68])=legacy", "$1=live"),
                        "7 0 2 0"),
                Arguments.of(
                        "INSERT INTO t VALUES (1, 'live'), (7, 'live') ON CONFLICT (id) DO UPDATE SET x = excluded.x",
                        ALL.replaceAll("([17])=legacy", "$1=live"),
                        "7 0 2 0"),
                Arguments.of("INSERT INTO t VALUES (1, 'live') ON CONFLICT DO NOTHING", ALL, "9 0 0 0"),
                Arguments.of("DELETE FROM t WHERE id = 3", ALL.replace("3=legacy ", ""), "8 0 1 0"),
                Arguments.of("DELETE FROM t", "6=legacy 7=legacy 8=legacy 9=legacy", "4 0 5 0"),
                Arguments.of(
                        "UPDATE t SET id = 7 WHERE id = 2",
                        "1=legacy 3=legacy 4=legacy 5=legacy 6=legacy 7=old 8=legacy 9=legacy",
                        "7 0 2 0"),
                Arguments.of(
                        "WITH gone AS (DELETE FROM t WHERE id = 1) UPDATE t SET x = 'live' WHERE id = 2",
                        ALL.replace("1=legacy 2=legacy", "2=live"),
                        "7 0 2 0"),
                Arguments.of("TRUNCATE t", "", "0 0 9 0"),
                Arguments.of("DELETE FROM t WHERE id > 100", ALL, "9 0 0 0"));
    }

    @ParameterizedTest
    @MethodSource("liveWrites")
    void what_others_write_after_the_fence_is_left_alone(String live, String rows, String counted) throws Exception {
        try (FenceFixture target = FenceFixture.ofFive()) {
            Fence fence = target.fence();
            target.live(live);

            assertThat(counts(target.write(fence, LEGACY))).isEqualTo(counted);
            assertThat(target.rows()).isEqualTo(rows);
        }
    }

    @ParameterizedTest
    @MethodSource("liveWrites")
    void a_transaction_that_is_open_across_fence_and_write_is_waited_for_and_left_alone(
            String live, String rows, String counted) throws Exception {
        try (FenceFixture target = FenceFixture.ofFive();
                Connection other = target.target.database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute(live);
            Fence fence = target.fence();
            CompletableFuture<WriteResult> writing = target.writeUntilItWaits(fence, LEGACY);
            other.commit();

            assertThat(counts(writing.join())).isEqualTo(counted);
            assertThat(target.rows()).isEqualTo(rows);
        }
    }

    @ParameterizedTest
    @MethodSource("liveWrites")
    void a_transaction_that_is_open_and_rolls_back_leaves_every_row_to_the_write(
            String live, String rows, String counted) throws Exception {
        try (FenceFixture target = FenceFixture.ofFive();
                Connection other = target.target.database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            Savepoint savepoint = other.setSavepoint();
            statement.execute(live);
            other.rollback(savepoint);
            Fence fence = target.fence();
            statement.execute(live);
            CompletableFuture<WriteResult> writing = target.writeUntilItWaits(fence, LEGACY);
            other.rollback();

            assertThat(counts(writing.join())).isEqualTo("9 0 0 0");
            assertThat(target.rows()).isEqualTo(ALL);
        }
    }

    @Test
    void what_a_savepoint_took_back_is_no_touch() throws Exception {
        try (FenceFixture target = FenceFixture.ofFive();
                Connection other = target.target.database.connect();
                Statement statement = other.createStatement()) {
            Fence fence = target.fence();
            other.setAutoCommit(false);
            Savepoint savepoint = other.setSavepoint();
            statement.execute("UPDATE t SET x = 'live'");
            other.rollback(savepoint);
            statement.execute("UPDATE t SET x = 'live' WHERE id = 5");
            other.commit();

            assertThat(counts(target.write(fence, LEGACY))).isEqualTo("8 0 1 0");
        }
    }

    @Test
    void what_was_written_before_the_fence_is_overwritten_and_what_was_deleted_stays_deleted() throws Exception {
        try (FenceFixture target = FenceFixture.ofFive()) {
            target.live(
                    "UPDATE t SET x = 'live' WHERE id = 1",
                    "INSERT INTO t VALUES (6, 'live')",
                    "DELETE FROM t WHERE id IN (2, 3)",
                    "INSERT INTO t VALUES (3, 'back')");

            assertThat(counts(target.write(target.fence(), LEGACY))).isEqualTo("8 0 1 0");
            assertThat(target.rows()).isEqualTo(ALL.replace("2=legacy ", ""));
        }
    }

    @Test
    void after_a_truncation_only_what_was_written_since_counts_as_there() throws Exception {
        try (FenceFixture target = FenceFixture.ofFive()) {
            target.live("UPDATE t SET x = 'live'", "TRUNCATE t", "INSERT INTO t VALUES (4, 'live')");

            assertThat(counts(target.write(target.fence(), LEGACY))).isEqualTo("1 0 8 0");
            assertThat(target.rows()).isEqualTo("4=legacy");
            assertThat(target.status().truncatedAt()).isNotNull();
        }
    }

    @Test
    void what_comes_by_copy_is_left_alone() throws Exception {
        try (FenceFixture target = FenceFixture.ofFive();
                Connection other = target.target.database.connect()) {
            Fence fence = target.fence();
            other.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY t FROM STDIN", new StringReader("6\tlive\n7\tlive\n"));

            assertThat(counts(target.write(fence, LEGACY))).isEqualTo("7 0 2 0");
        }
    }

    @Test
    void rows_that_a_foreign_key_deletes_or_changes_are_touched() throws Exception {
        try (FenceFixture target = FenceFixture.of(
                "id,x",
                1,
                "CREATE TABLE parent (id bigint PRIMARY KEY)",
                "INSERT INTO parent VALUES (1), (2)",
                "CREATE TABLE t (id bigint PRIMARY KEY REFERENCES parent ON DELETE CASCADE ON UPDATE CASCADE, x text)",
                "INSERT INTO t VALUES (1, 'old'), (2, 'old')")) {
            Fence fence = target.fence();
            target.live(
                    "DELETE FROM parent WHERE id = 1",
                    "UPDATE parent SET id = 3 WHERE id = 2",
                    "INSERT INTO parent VALUES (1), (2)");

            assertThat(counts(target.write(fence, "SELECT i, 'legacy' FROM generate_series(1, 3) AS i")))
                    .isEqualTo("0 0 3 0");
            assertThat(target.rows()).isEqualTo("3=old");
        }
    }

    @Test
    void what_is_equal_counts_as_unchanged_even_when_it_was_touched() throws Exception {
        try (FenceFixture target = FenceFixture.ofFive()) {
            Fence fence = target.fence();
            target.live("UPDATE t SET x = 'legacy' WHERE id IN (1, 2)", "UPDATE t SET x = 'live' WHERE id = 3");

            assertThat(counts(target.write(fence, LEGACY))).isEqualTo("6 2 1 0");
        }
    }

    @Test
    void what_backpop_writes_for_the_entity_touches_nothing_and_for_another_entity_does() throws Exception {
        try (FenceFixture target = FenceFixture.ofFive();
                Connection own = target.pool.connection();
                Statement statement = own.createStatement()) {
            statement.execute("UPDATE t SET x = 'for another entity' WHERE id = 1");
            assertThat(target.status().touched()).isEqualTo(1);
            Fence fence = target.fence();
            own.setAutoCommit(false);
            target.target.writer.begin(own);
            statement.execute("UPDATE t SET x = 'own' WHERE id = 1");
            statement.execute("INSERT INTO t VALUES (6, 'own')");
            statement.execute("DELETE FROM t WHERE id = 2");
            statement.execute("TRUNCATE t");
            own.commit();

            assertThat(target.status().touched() + target.status().deleted()).isEqualTo(1);
            assertThat(counts(target.write(fence, LEGACY))).isEqualTo("9 0 0 0");
        }
    }

    @Test
    void bad_rows_are_halved_out_and_orphans_tried_again_around_what_is_guarded() throws Exception {
        try (FenceFixture target = FenceFixture.of(
                "id,parent,x",
                1,
                "CREATE TABLE t (id bigint PRIMARY KEY, parent bigint REFERENCES t, x text NOT NULL)",
                "INSERT INTO t VALUES (10, NULL, 'old'), (11, NULL, 'old')")) {
            Fence fence = target.fence();
            target.live("UPDATE t SET x = 'live' WHERE id = 10", "DELETE FROM t WHERE id = 11");

            WriteResult result = target.write(
                    fence,
                    "SELECT i, nullif((i + 1) % 101, 0), CASE WHEN i = 3 THEN NULL ELSE 'x' END"
                            + " FROM generate_series(1, 100) AS i");

            // 3 has no x, so that 2 and 1 have no parent; 11 stays deleted, and 10 is there as others left it.
            assertThat(counts(result)).isEqualTo("95 0 2 3");
            assertThat(result.rejected().stream()
                            .map(row -> target.target.shape.keyOf(row.row()) + " " + row.sqlState())
                            .filter(row -> row.endsWith("23502")))
                    .containsExactly("3 23502");
            assertThat(target.target.ask("SELECT x FROM t WHERE id = 10")).containsExactly("live");
        }
    }

    @Test
    void without_the_triggers_there_is_no_fence() throws Exception {
        try (FenceFixture target = FenceFixture.ofFive()) {
            target.live("ALTER TABLE t DISABLE TRIGGER ALL");
            assertThatExceptionOfType(InvalidInputException.class)
                    .isThrownBy(target::fence)
                    .withMessageContaining("backpop guards PLAN install --entity thing");
            target.remove();
            assertThatExceptionOfType(InvalidInputException.class).isThrownBy(target::fence);
        }
    }

    @Test
    void a_fence_older_than_the_triggers_is_not_trusted() throws Exception {
        try (FenceFixture target = FenceFixture.ofFive()) {
            Fence fence = target.fence();
            target.remove();
            target.live("UPDATE t SET x = 'live' WHERE id = 1");
            target.install();

            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> target.write(fence, LEGACY))
                    .satisfies(failure -> assertThat(failure.getSQLState()).isEqualTo("40001"));
            assertThat(target.rows()).startsWith("1=live 2=old");
        }
    }
}
