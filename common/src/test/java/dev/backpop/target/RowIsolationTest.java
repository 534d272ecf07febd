package dev.backpop.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.plan.Guard;
import dev.backpop.postgres.SqlFailure;
import dev.backpop.row.Row;
import dev.backpop.testing.Database;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowIsolationTest {
    private static final int ALWAYS_HALVE = Integer.MAX_VALUE;
    private static final int NEVER_HALVE = 0;
    private static final Set<String> SENT = Set.of("createStatement", "prepareStatement", "unwrap", "setSavepoint");
    private static final String COLUMNS = "id,a,b,n,color,parent,j,jb,v,in";

    private static TargetFixture target(Guard guard) throws SQLException {
        return TargetFixture.of(
                guard,
                COLUMNS,
                "CREATE TYPE color AS ENUM ('red', 'green')",
                "CREATE DOMAIN amount AS numeric(5,2) CONSTRAINT positive CHECK (value >= 0)",
                "CREATE DOMAIN word AS text NOT NULL",
                "CREATE TABLE parent (id int PRIMARY KEY)",
                "INSERT INTO parent VALUES (1)",
                "CREATE TABLE t (id bigint PRIMARY KEY, a varchar(5) COLLATE \"en-x-icu\" NOT NULL UNIQUE, b word"
                        + " CONSTRAINT no_no CHECK (b <> 'no'), n amount, color color, parent int CONSTRAINT t_parent"
                        + " REFERENCES parent DEFERRABLE INITIALLY DEFERRED, j json, jb jsonb, v int, \"in\" bpchar(3))",
                "CREATE INDEX ON t (b)",
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        + " IF NEW.b = 'raise' THEN RAISE 'not %', NEW.b USING DETAIL = 'two' || chr(10) || 'lines'; END IF;"
                        + " IF NEW.b = 'custom' THEN RAISE 'not %', NEW.b USING ERRCODE = 'U0001'; END IF;"
                        + " IF NEW.b = 'assert' THEN ASSERT false, 'never'; END IF;"
                        + " IF NEW.b = 'skip' THEN RETURN NULL; END IF;"
                        + " RETURN NEW; END $$",
                "CREATE TRIGGER refuse BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION refuse()",
                "INSERT INTO t VALUES (1, 'one', 'ok', 1, 'red', 1, '{}', '{}', 5, 'abc'),"
                        + " (2, 'two', 'ok', 1, 'red', 1, '{}', '{}', 5, 'abc')");
    }

    /** One row of every kind of bad ones among good, unchanged, guarded and skipped ones, and what bytes alone can say. */
    private static List<Row> everyKind(TargetFixture target) throws SQLException {
        String good = "'ok', 1.5, 'green', 1, '{\"x\": [1, null]}'::json, '{\"y\": {}}'::jsonb, 1, 'ab'";
        List<String> values = List.of(
                "1, 'one', 'ok', 1, 'red', 1, '{}'::json, '{}'::jsonb, 5, 'abc'",
                "2, 'new', " + good,
                "3, 'c', " + good,
                "4, NULL, " + good,
                "5, 'eeeeeee', " + good,
                "6, 'f', " + good.replace("1.5", "1234567"),
                "7, 'g', " + good.replace("1.5", "-1"),
                "8, 'h', " + good.replace("'ok'", "'no'"),
                "9, 'c', " + good,
                "10, 'one', " + good,
                "11, 'k', " + good.replace("'green', 1", "'green', 77"),
                "12, 'l', " + good.replace("green", "mauve"),
                "13, 'm', " + good.replace("'ok'", "'raise'"),
                "14, 'n', " + good.replace("'ok'", "'custom'"),
                "15, 'o', " + good.replace("'ok'", "NULL"),
                "16, 'p', " + good.replace("'ok'", "'assert'"),
                "17, 'q', " + good.replace("'ok'", "'skip'"),
                "18, 'r', "
                        + good.replace("'ok'", "(SELECT string_agg(md5(i::text), '') FROM generate_series(1, 500) i)"),
                "19, 's', " + good.replace("'ab'", "'abcd'"),
                "20, 't', " + good,
                "21, 'u', " + good,
                "22, 'v', " + good,
                "23, 'w', " + good,
                "24, 'x', " + good,
                "NULL, 'y', " + good,
                "26, 'z', " + good);
        List<Row> rows = target.rows("SELECT * FROM (VALUES ("
                + String.join("), (", values)
                        .replaceFirst(
                                "'one', 'ok', 1, 'red', 1,", "'one'::text, 'ok'::text, 1::numeric, 'red'::text, 1,")
                + ")) AS v");
        replace(rows, 19, 2, new byte[] {'a', (byte) 0xe4, 't', 't'});
        replace(rows, 20, 2, new byte[] {'a', 0, 't'});
        replace(rows, 21, 6, "{\"x\": ".getBytes(StandardCharsets.UTF_8));
        replace(rows, 22, 7, "\u0001{\"x\": \"\\u0000\"}".getBytes(StandardCharsets.UTF_8));
        replace(rows, 23, 4, new byte[] {(byte) 0xff});
        return rows;
    }

    private static void replace(List<Row> rows, int row, int column, byte[] value) {
        byte[][] fields = new byte[rows.get(row).size()][];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = i == column ? value : rows.get(row).field(i);
        }
        rows.set(row, new Row(fields));
    }

    private static List<String> refusals(TargetFixture target, WriteResult result) {
        return result.rejected().stream()
                .map(row -> (target.shape.hasKey(row.row()) ? target.shape.keyOf(row.row()) : "no key") + " "
                        + row.sqlState() + " " + row.constraint() + " " + row.column() + " " + row.message())
                .sorted()
                .toList();
    }

    static Stream<Guard> guards() {
        return Stream.of(new Guard.Overwrite(), new Guard.InsertOnly(), new Guard.Version("v", "v"));
    }

    @ParameterizedTest
    @MethodSource("guards")
    void of_every_kind_both_ways_refuse_and_write_the_same(Guard guard) throws Exception {
        TargetFixture halved = target(guard);
        TargetFixture isolated = target(guard);

        WriteResult byHalving = halved.write(halved.writer(ALWAYS_HALVE), everyKind(halved));
        WriteResult inServer = isolated.write(isolated.writer(NEVER_HALVE), everyKind(isolated));

        assertThat(refusals(isolated, inServer)).isEqualTo(refusals(halved, byHalving));
        assertThat(TargetFixture.counts(inServer)).isEqualTo(TargetFixture.counts(byHalving));
        assertThat(inServer.rejected()).hasSize(21);
        assertThat(inServer.rejected().stream().map(WriteResult.Rejected::sqlState))
                .contains("23502", "22001", "22003", "23514", "23505", "23503", "22P02", "P0001", "U0001", "P0004")
                .contains("54000", "22021", "22P05");
        assertThat(isolated.ask("SELECT * FROM t ORDER BY id")).isEqualTo(halved.ask("SELECT * FROM t ORDER BY id"));
        boolean overwrites = guard instanceof Guard.Overwrite;
        assertThat(TargetFixture.counts(inServer))
                .isEqualTo((overwrites ? 3 : 2) + " 1 " + (overwrites ? 1 : 2) + " 21");
    }

    @Test
    void under_the_fence_both_ways_leave_alone_what_others_have_touched() throws Exception {
        List<String> outcomes = new ArrayList<>();
        for (int foundByHalving : new int[] {ALWAYS_HALVE, NEVER_HALVE}) {
            try (FenceFixture fence = FenceFixture.of(
                    "id,x,color",
                    1,
                    "CREATE TYPE color AS ENUM ('red', 'green')",
                    "CREATE TABLE t (id bigint PRIMARY KEY, x text NOT NULL, color color)",
                    "INSERT INTO t SELECT i, 'old', 'red' FROM generate_series(1, 10) AS i")) {
                Fence taken = fence.fence();
                fence.live(
                        "UPDATE t SET x = 'live' WHERE id IN (3, 4)",
                        "DELETE FROM t WHERE id = 5",
                        "UPDATE t SET x = 'new' WHERE id = 6");
                List<Row> rows = fence.target.rows("SELECT i, CASE WHEN i IN (4, 8) THEN NULL ELSE 'new' END,"
                        + " CASE WHEN i = 9 THEN 'mauve' ELSE 'red' END FROM generate_series(1, 12) AS i");
                replace(rows, 10, 1, new byte[] {'a', 0});
                try (Connection connection = fence.pool.connection()) {
                    connection.setAutoCommit(false);
                    GuardedWriter writer = fence.target.writer(foundByHalving);
                    writer.begin(connection);
                    WriteResult result = writer.write(connection, rows, taken);
                    connection.commit();
                    outcomes.add(TargetFixture.counts(result) + refusals(fence.target, result) + fence.rows());
                }
            }
        }
        assertThat(outcomes.get(1)).isEqualTo(outcomes.get(0));
        assertThat(outcomes.get(0))
                .startsWith("5 1 3 3")
                .contains("3=live 4=live 6=new")
                .doesNotContain("5=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "55P03", "42501", "53100", "57P01", "XX000"})
    void a_fault_that_is_no_rows_goes_to_the_caller(String state) throws Exception {
        TargetFixture target = TargetFixture.of(
                new Guard.Overwrite(),
                "id,x",
                "CREATE TABLE t (id bigint PRIMARY KEY, x text NOT NULL)",
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.id = 5 THEN"
                        + " RAISE 'not this' USING ERRCODE = '" + state + "'; END IF; RETURN NEW; END $$",
                "CREATE TRIGGER refuse BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION refuse()");
        List<Row> rows = target.rows("SELECT i, CASE WHEN i <> 3 THEN 'x' END FROM generate_series(1, 10) AS i");

        org.assertj.core.api.Assertions.assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> target.write(target.writer(NEVER_HALVE), rows))
                .satisfies(failure -> assertThat(failure.getSQLState()).isEqualTo(state));
        assertThat(target.ask("SELECT count(*) FROM t")).containsExactly("0");
    }

    @Test
    void a_timeout_of_the_statement_is_not_taken_for_a_bad_row() throws Exception {
        TargetFixture target = TargetFixture.of(
                new Guard.Overwrite(),
                "id,x",
                "CREATE TABLE t (id bigint PRIMARY KEY, x text NOT NULL)",
                "CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.id = 9 THEN"
                        + " SET LOCAL statement_timeout = '50ms'; PERFORM pg_sleep(10); END IF; RETURN NEW; END $$",
                "CREATE TRIGGER slowly BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION slowly()");
        List<Row> rows = target.rows("SELECT i, CASE WHEN i <> 3 THEN 'x' END FROM generate_series(1, 10) AS i");
        try (Connection connection = target.database.connect()) {
            connection.setAutoCommit(false);
            Database.ask(connection, "SELECT set_config('statement_timeout', '2s', false)");
            GuardedWriter writer = target.writer(NEVER_HALVE);
            writer.begin(connection);

            org.assertj.core.api.Assertions.assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> writer.write(connection, rows, Fence.NONE))
                    .satisfies(failure -> assertThat(SqlFailure.of(failure)).isEqualTo(SqlFailure.TOO_LARGE));
        }
    }

    @Test
    void without_the_right_to_the_servers_language_rows_are_halved_to_the_end() throws Exception {
        TargetFixture target = TargetFixture.of(
                new Guard.Overwrite(), "id,x", "CREATE TABLE t (id bigint PRIMARY KEY, x text NOT NULL)");
        String role = "plain_" + target.database.name();
        target.database.run(
                "CREATE ROLE " + role, "GRANT ALL ON t TO " + role, "REVOKE USAGE ON LANGUAGE plpgsql FROM public");
        List<Row> rows = target.rows("SELECT i, CASE WHEN i % 2 = 0 THEN 'x' END FROM generate_series(1, 40) AS i");
        try (Connection connection = target.database.connect()) {
            connection.setAutoCommit(false);
            Database.ask(connection, "SELECT set_config('role', '" + role + "', true)");
            target.writer.begin(connection);
            assertThat(TargetFixture.counts(target.writer.write(connection, rows, Fence.NONE)))
                    .isEqualTo("20 0 0 20");
        }
    }

    @Test
    void a_parent_among_isolated_rows_is_found_whatever_their_order() throws Exception {
        TargetFixture target = TargetFixture.of(
                new Guard.Overwrite(),
                "id,parent,x",
                "CREATE TABLE t (id bigint PRIMARY KEY, parent bigint REFERENCES t, x text NOT NULL)");

        WriteResult result = target.write(
                target.writer(NEVER_HALVE),
                target.rows("SELECT i, nullif((i + 1) % 101, 0), CASE WHEN i = 3 THEN NULL ELSE 'x' END"
                        + " FROM generate_series(1, 100) AS i"));

        assertThat(result.rejected().stream().map(row -> target.shape.keyOf(row.row()) + " " + row.sqlState()))
                .containsExactlyInAnyOrder("3 23502", "2 23503", "1 23503");
        assertThat(result.written()).isEqualTo(97);
    }

    static Stream<Arguments> shares() {
        return Stream.of(Arguments.of(1, 80), Arguments.of(10, 160), Arguments.of(500, 260), Arguments.of(1_000, 260));
    }

    @ParameterizedTest
    @MethodSource("shares")
    void of_a_thousand_rows_the_bad_ones_are_found_in_few_statements(int bad, int most) throws Exception {
        TargetFixture target = TargetFixture.of(
                new Guard.Overwrite(), "id,x", "CREATE TABLE t (id bigint PRIMARY KEY, x text NOT NULL)");
        List<Row> rows = target.rows(
                "SELECT i, CASE WHEN i * 7919 % 1000 >= " + bad + " THEN 'x' END FROM generate_series(1, 1000) AS i");
        AtomicInteger sent = new AtomicInteger();
        try (Connection connection = target.database.connect()) {
            connection.setAutoCommit(false);
            target.writer.begin(connection);

            WriteResult result = target.writer.write(counting(connection, sent), rows, Fence.NONE);

            assertThat(TargetFixture.counts(result)).isEqualTo((1_000 - bad) + " 0 0 " + bad);
        }
        assertThat(sent.get()).isLessThanOrEqualTo(most);
    }

    private static Connection counting(Connection connection, AtomicInteger sent) {
        return (Connection) Proxy.newProxyInstance(
                RowIsolationTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (self, method, arguments) -> {
                    if (SENT.contains(method.getName())) {
                        sent.incrementAndGet();
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                });
    }

    @Test
    void the_server_tells_the_classes_of_errors_apart_as_we_do() throws Exception {
        String letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        List<String> states = new ArrayList<>();
        letters.chars()
                .forEach(first ->
                        letters.chars().forEach(second -> states.add("" + (char) first + (char) second + "000")));
        List<String> rows = states.stream()
                .filter(state -> SqlFailure.of(new SQLException("x", state)) == SqlFailure.ROW)
                .toList();

        assertThat(Database.with()
                        .ask("SELECT state FROM unnest('{" + String.join(",", states) + "}'::text[]) WITH ORDINALITY AS"
                                + " given(state, place) WHERE " + SqlFailure.rowCondition("state") + " ORDER BY place"))
                .isEqualTo(rows);
        assertThat(rows).contains("23000", "ZZ000").doesNotContain("XX000", "40000");
    }
}
