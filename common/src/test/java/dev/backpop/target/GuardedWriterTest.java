package dev.backpop.target;

import static dev.backpop.target.TargetFixture.counts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.backpop.plan.Guard;
import dev.backpop.row.Row;
import dev.backpop.testing.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GuardedWriterTest {
    private static final String TABLE = "CREATE TABLE t (id bigint PRIMARY KEY, x text, v timestamp)";
    private static final Guard OVERWRITE = new Guard.Overwrite();

    static Stream<Arguments> guards() {
        return Stream.of(
                Arguments.of(OVERWRITE, "3 1 0 0", "changed|lost"),
                Arguments.of(new Guard.InsertOnly(), "1 1 2 0", "newer|older"),
                Arguments.of(new Guard.Version("v", "v"), "2 1 1 0", "newer|lost"));
    }

    @ParameterizedTest
    @MethodSource("guards")
    void each_row_is_new_unchanged_changed_or_guarded(Guard guard, String counted, String two) throws Exception {
        TargetFixture target = TargetFixture.of(
                guard,
                "id,x,v",
                TABLE,
                "INSERT INTO t VALUES (1, 'same', '2024-01-01'), (2, 'newer', '2024-06-01'), (3, 'older', '2023-01-01')");

        WriteResult result = target.write("VALUES (0, 'new', '2024-01-01'::timestamp), (1, 'same', '2024-01-01'),"
                + " (2, 'changed', '2024-01-01'), (3, 'lost', '2024-01-01')");

        assertThat(counts(result)).isEqualTo(counted);
        assertThat(target.ask("SELECT x FROM t WHERE id IN (0, 1) ORDER BY id")).containsExactly("new", "same");
        assertThat(target.ask("SELECT string_agg(x, '|' ORDER BY id) FROM t WHERE id > 1"))
                .containsExactly(two);
    }

    @ParameterizedTest
    @CsvSource({
        "2024-01-01, 2024-01-02, 1 0 0 0",
        "2024-01-01, 2024-01-01, 0 0 1 0",
        "2024-01-02, 2024-01-01, 0 0 1 0",
        "2024-01-01, , 0 0 1 0",
        ", 2024-01-01, 1 0 0 0",
        ", , 1 0 0 0"
    })
    void a_version_that_is_equal_or_missing_never_wins_over_one_that_is_there(
            @Nullable String there, @Nullable String comes, String counted) throws Exception {
        TargetFixture target = TargetFixture.of(new Guard.Version("v", "v"), "id,x,v", TABLE);
        target.write("VALUES (1, 'old', " + literal(there) + ")");

        assertThat(counts(target.write("VALUES (1, 'new', " + literal(comes) + ")")))
                .isEqualTo(counted);
        assertThat(target.ask("SELECT x FROM t")).containsExactly(counted.startsWith("1") ? "new" : "old");
    }

    private static String literal(@Nullable String value) {
        return value == null ? "NULL::timestamp" : "'" + value + "'::timestamp";
    }

    @Test
    void what_is_unchanged_is_not_touched() throws Exception {
        TargetFixture target = TargetFixture.of(OVERWRITE, "id,x,v", TABLE);
        String rows = "SELECT i, 'x' || i, NULL::timestamp FROM generate_series(1, 1000) AS i";
        assertThat(counts(target.write(rows))).isEqualTo("1000 0 0 0");
        List<String> before = target.ask("SELECT xmin, xmax, ctid FROM t ORDER BY id");

        assertThat(counts(target.write(rows))).isEqualTo("0 1000 0 0");

        assertThat(target.ask("SELECT xmin, xmax, ctid FROM t ORDER BY id")).isEqualTo(before);
    }

    static Stream<Arguments> badRows() {
        return Stream.of(
                Arguments.of("NULL", "'ok'", "1", "'red'", "1", "23502", null, "a"),
                Arguments.of("'abcdef'", "'ok'", "1", "'red'", "1", "22001", null, "a"),
                // The server would cut the blanks without a word.
                Arguments.of("'abc   '", "'ok'", "1", "'red'", "1", "22001", null, "a"),
                Arguments.of("'b'", "'ok'", "1234567", "'red'", "1", "22003", null, null),
                Arguments.of("'b'", "'no'", "1", "'red'", "1", "23514", "no_no", null),
                Arguments.of("'one'", "'ok'", "1", "'red'", "1", "23505", "t_a_key", null),
                Arguments.of("'b'", "'ok'", "1", "'red'", "77", "23503", "t_parent", null),
                Arguments.of("'b'", "'ok'", "1", "'mauve'", "1", "22P02", null, null),
                Arguments.of("'b'", "'ok'", "-1", "'red'", "1", "23514", "positive", null),
                Arguments.of("'b'", "'raise'", "1", "'red'", "1", "P0001", null, null),
                Arguments.of("'b'", "'custom'", "1", "'red'", "1", "U0001", null, null),
                Arguments.of("'b'", "NULL", "1", "'red'", "1", "23502", null, null));
    }

    @ParameterizedTest
    @MethodSource("badRows")
    void a_row_that_the_target_refuses_costs_only_itself(
            String a,
            String b,
            String n,
            String color,
            String parent,
            String state,
            @Nullable String constraint,
            @Nullable String column)
            throws Exception {
        TargetFixture target = TargetFixture.of(
                OVERWRITE,
                "id,a,b,n,color,parent",
                "CREATE TYPE color AS ENUM ('red', 'green')",
                "CREATE DOMAIN amount AS numeric(5,2) CONSTRAINT positive CHECK (value >= 0)",
                "CREATE DOMAIN word AS text NOT NULL",
                "CREATE TABLE parent (id int PRIMARY KEY)",
                "INSERT INTO parent VALUES (1)",
                "CREATE TABLE t (id bigint PRIMARY KEY, a varchar(5) NOT NULL UNIQUE, b word CONSTRAINT no_no CHECK"
                        + " (b <> 'no'), n amount, color color, parent int CONSTRAINT t_parent REFERENCES parent"
                        + " DEFERRABLE INITIALLY DEFERRED)",
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        + " IF NEW.b = 'raise' THEN RAISE 'not %', NEW.b; END IF;"
                        + " IF NEW.b = 'custom' THEN RAISE 'not %', NEW.b USING ERRCODE = 'U0001'; END IF;"
                        + " RETURN NEW; END $$",
                "CREATE TRIGGER refuse BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION refuse()");
        target.write("VALUES (1, 'one', 'ok', 1, 'red', 1)");
        String bad = "SELECT 50, " + a + ", " + b + ", " + n + ", " + color + ", " + parent;

        WriteResult result = target.write("SELECT i, 'x' || i, 'ok', i, 'green', 1 FROM generate_series(2, 20) AS i"
                + " UNION ALL " + bad
                + " UNION ALL SELECT i, 'x' || i, 'ok', i, 'green', 1 FROM generate_series(51, 60) AS i");

        assertThat(counts(result)).isEqualTo("29 0 0 1");
        WriteResult.Rejected refused = result.rejected().get(0);
        assertThat(target.shape.keyOf(refused.row())).hasToString("50");
        assertThat(refused.sqlState()).isEqualTo(state);
        assertThat(refused.constraint()).isEqualTo(constraint);
        assertThat(refused.column()).isEqualTo(column);
        assertThat(refused.message()).isNotBlank();
        assertThat(target.ask("SELECT count(*) FROM t")).containsExactly("30");
    }

    @ParameterizedTest
    @CsvSource({"0, 1000", "1, 999", "10, 990", "1000, 0"})
    void of_a_thousand_rows_exactly_the_bad_ones_are_left_out(int bad, int good) throws Exception {
        TargetFixture target =
                TargetFixture.of(OVERWRITE, "id,x", "CREATE TABLE t (id bigint PRIMARY KEY, x text NOT NULL)");

        WriteResult result = target.write(
                "SELECT i, CASE WHEN i * 7919 % 1000 >= " + bad + " THEN 'x' END FROM generate_series(1, 1000) AS i");

        assertThat(counts(result)).isEqualTo(good + " 0 0 " + bad);
        assertThat(target.ask("SELECT count(*) FROM t")).containsExactly(Integer.toString(good));
    }

    @Test
    void a_value_too_long_for_its_index_costs_only_its_row() throws Exception {
        TargetFixture target = TargetFixture.of(
                OVERWRITE, "id,x", "CREATE TABLE t (id bigint PRIMARY KEY, x text)", "CREATE INDEX ON t (x)");

        WriteResult result = target.write("SELECT i, CASE WHEN i = 7 THEN (SELECT string_agg(md5(n::text), '') FROM"
                + " generate_series(1, 1000) AS n) ELSE 'x' END FROM generate_series(1, 20) AS i");

        assertThat(counts(result)).isEqualTo("19 0 0 1");
        assertThat(result.rejected().get(0).sqlState()).isEqualTo("54000");
    }

    @Test
    void a_parent_in_the_same_batch_is_found_even_when_halving_takes_it_apart() throws Exception {
        TargetFixture target = TargetFixture.of(
                OVERWRITE,
                "id,parent,x",
                "CREATE TABLE t (id bigint PRIMARY KEY, parent bigint REFERENCES t, x text NOT NULL)");

        WriteResult result = target.write("SELECT i, nullif((i + 1) % 101, 0), CASE WHEN i = 3 THEN NULL ELSE 'x' END"
                + " FROM generate_series(1, 100) AS i");

        assertThat(result.rejected().stream().map(row -> target.shape.keyOf(row.row()) + " " + row.sqlState()))
                .containsExactlyInAnyOrder("3 23502", "2 23503", "1 23503");
        assertThat(result.written()).isEqualTo(97);
    }

    @Test
    void a_key_that_comes_twice_is_written_once_and_rejected_once() throws Exception {
        for (Guard guard : List.of(OVERWRITE, new Guard.InsertOnly())) {
            TargetFixture target = TargetFixture.of(guard, "id,x,v", TABLE);

            WriteResult result = target.write("VALUES (1, 'a', NULL::timestamp), (2, 'b', NULL), (2, 'c', NULL)");

            assertThat(counts(result)).isEqualTo("2 0 0 1");
            assertThat(result.rejected().get(0).message()).contains("more than one row of this key");
            assertThat(target.ask("SELECT x FROM t ORDER BY id")).containsExactly("a", "b");
        }
    }

    @Test
    void a_row_without_a_key_is_a_bad_row() throws Exception {
        TargetFixture target = TargetFixture.of(OVERWRITE, "id,x,v", TABLE);

        assertThat(counts(target.write("VALUES (1, 'a', NULL::timestamp), (NULL, 'b', NULL), (NULL, 'c', NULL)")))
                .isEqualTo("1 0 0 2");
    }

    @Test
    void batches_of_one_transaction_do_not_mix() throws Exception {
        TargetFixture target =
                TargetFixture.of(OVERWRITE, "id,x", "CREATE TABLE t (id bigint PRIMARY KEY, x text NOT NULL)");
        List<Row> first = target.rows("VALUES (1, 'a'), (2, NULL), (3, 'c')");
        List<Row> second = target.rows("VALUES (4, 'd'), (5, 'e')");
        try (Connection connection = target.database.connect()) {
            connection.setAutoCommit(false);
            for (int round = 0; round < 2; round++) {
                target.writer.begin(connection);
                assertThat(counts(target.writer.write(connection, first, Fence.NONE)))
                        .isEqualTo(round == 0 ? "2 0 0 1" : "0 2 0 1");
                assertThat(counts(target.writer.write(connection, List.of(), Fence.NONE)))
                        .isEqualTo("0 0 0 0");
                assertThat(counts(target.writer.write(connection, second, Fence.NONE)))
                        .isEqualTo(round == 0 ? "2 0 0 0" : "0 2 0 0");
                connection.commit();
            }
        }
        assertThat(target.ask("SELECT id FROM t ORDER BY id")).containsExactly("1", "3", "4", "5");
    }

    @Test
    void values_of_every_kind_arrive_and_are_unchanged_the_second_time() throws Exception {
        TargetFixture target = TargetFixture.of(
                OVERWRITE,
                "id,j,jb,x,ia,ta,na,b,ip,r,p,pa,ja,iv,iv0,n,ts,tsa,c,vb,e,ea,box,tv,m,mood",
                "CREATE COLLATION lenient (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                "CREATE TYPE mood AS ENUM ('sad', 'ok')",
                "CREATE DOMAIN cents AS numeric(8,2)",
                "CREATE TABLE t (id bigint PRIMARY KEY, j json, jb jsonb, x xml, ia int[], ta text[] COLLATE lenient,"
                        + " na numeric(6,1)[], b bytea, ip inet, r tstzrange, p point, pa point[], ja json[], iv interval,"
                        + " iv0 interval(0), n cents, ts timestamp(0), tsa timestamptz(0)[], c char(5), vb bit(3),"
                        + " e mood, ea mood[], box box, tv tsvector, m text COLLATE lenient, mood numeric)");
        String row = "SELECT 1, '{\"a\": 1.0}', '{\"b\":2}', '<a/>', '{1,NULL,3}'::int[], '{a,\"b c\"}'::text[],"
                + " '{1.26,2}'::numeric[], '\\x00ff'::bytea, '10.0.0.1/24'::inet, '[2024-01-01,)'::tstzrange,"
                + " '(1,2)'::point, '{\"(1,2)\"}'::point[], ARRAY['{\"a\":1}'::json], '1 day'::interval,"
                + " '1.6 seconds'::interval, 10.006, '2024-01-01 00:00:00.6'::timestamp,"
                + " '{2024-01-01 00:00:00.6+00}'::timestamptz[], 'ab', B'101', 'sad', '{ok,sad}', '((0,0),(1,4))'::box,"
                + " 'a b'::tsvector, 'Hello', 1.10";

        assertThat(counts(target.write(row))).isEqualTo("1 0 0 0");
        assertThat(counts(target.write(row))).isEqualTo("0 1 0 0");
        assertThat(target.ask("SELECT n, ts, na, iv0 FROM t"))
                .containsExactly("10.01|2024-01-01 00:00:01|{1.3,2.0}|00:00:02");

        String other = row.replace("'1 day'", "'24 hours'");
        assertThat(counts(target.write(other))).as("24 hours are not a day").isEqualTo("1 0 0 0");
        other = other.replace("'Hello'", "'hello'");
        assertThat(counts(target.write(other))).as("case counts").isEqualTo("1 0 0 0");
        other = other.replace("{a,", "{A,");
        assertThat(counts(target.write(other))).as("case counts in arrays").isEqualTo("1 0 0 0");
        other = other.replace("((0,0),(1,4))", "((0,0),(2,2))");
        assertThat(counts(target.write(other))).as("boxes of one area").isEqualTo("1 0 0 0");
        other = other.replace("{\"a\": 1.0}", "{\"a\":1.0}");
        assertThat(counts(target.write(other))).as("json is text").isEqualTo("1 0 0 0");
        assertThat(counts(target.write(other))).isEqualTo("0 1 0 0");
    }

    @Test
    void a_type_of_an_extension_is_compared_by_its_text() throws Exception {
        TargetFixture target = TargetFixture.of(
                OVERWRITE, "id,x", "CREATE EXTENSION citext", "CREATE TABLE t (id bigint PRIMARY KEY, x citext)");
        target.write("VALUES (1, 'Ann')");

        assertThat(counts(target.write("VALUES (1, 'ANN')"))).isEqualTo("1 0 0 0");
        assertThat(counts(target.write("VALUES (1, 'ANN')"))).isEqualTo("0 1 0 0");
    }

    @Test
    void identity_columns_that_are_always_generated_take_the_legacy_values() throws Exception {
        TargetFixture key = TargetFixture.of(
                OVERWRITE, "id,x", "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, x text)");
        assertThat(counts(key.write("VALUES (7, 'a')"))).isEqualTo("1 0 0 0");
        assertThat(counts(key.write("VALUES (7, 'b')"))).isEqualTo("1 0 0 0");

        TargetFixture beside = TargetFixture.of(
                OVERWRITE,
                "k,x,id",
                "CREATE TABLE t (k text PRIMARY KEY, x text, id int GENERATED ALWAYS AS IDENTITY)");
        assertThat(counts(beside.write("VALUES ('a', 'x', 7)"))).isEqualTo("1 0 0 0");
        assertThat(counts(beside.write("VALUES ('a', 'y', 7)"))).isEqualTo("1 0 0 0");
        assertThat(beside.ask("SELECT * FROM t")).containsExactly("a|y|7");
    }

    @Test
    void composite_and_oddly_named_columns_are_written() throws Exception {
        Database database = Database.with(
                "CREATE TABLE t (\"user\" text COLLATE \"en-x-icu\", \"Mixed Case\" int, \"order\" text, s int, t int,"
                        + " PRIMARY KEY (\"Mixed Case\", \"user\"))");
        TargetFixture target = TargetFixture.of(database, OVERWRITE, "user,Mixed Case,order,s,t", 2);

        assertThat(counts(target.write("VALUES ('b', 1, 'x', 1, 1), ('a', 1, 'y', 1, 1)")))
                .isEqualTo("2 0 0 0");
        assertThat(counts(target.write("VALUES ('b', 1, 'x', 2, 1), ('a', 1, 'y', 1, 1)")))
                .isEqualTo("1 1 0 0");
    }

    @Test
    void a_table_of_keys_alone_is_filled_and_found_unchanged() throws Exception {
        TargetFixture target = TargetFixture.of(OVERWRITE, "id", "CREATE TABLE t (id int PRIMARY KEY)");

        assertThat(counts(target.write("VALUES (1), (2)"))).isEqualTo("2 0 0 0");
        assertThat(counts(target.write("VALUES (1), (2), (3)"))).isEqualTo("1 2 0 0");
    }

    @Test
    void a_key_that_somebody_inserts_between_join_and_insert_is_counted_and_not_lost() throws Exception {
        for (Guard guard : List.of(OVERWRITE, new Guard.InsertOnly(), new Guard.Version("v", "v"))) {
            TargetFixture target = TargetFixture.of(guard, "id,x,v", TABLE);
            List<Row> rows = target.rows("VALUES (1, 'legacy', '2024-01-01'::timestamp), (2, 'legacy', '2024-01-01')");
            try (Connection live = target.database.connect()) {
                live.setAutoCommit(false);
                Database.ask(live, "INSERT INTO t VALUES (1, 'live', '2024-06-01') RETURNING id");
                CompletableFuture<WriteResult> writing = CompletableFuture.supplyAsync(() -> {
                    try {
                        return target.write(rows);
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                });
                Awaitility.await()
                        .untilAsserted(
                                () -> assertThat(target.ask("SELECT count(*) FROM pg_stat_activity WHERE datname ="
                                                + " current_database() AND wait_event_type = 'Lock'"))
                                        .containsExactly("1"));
                live.commit();

                boolean overwrites = guard instanceof Guard.Overwrite;
                assertThat(counts(writing.join())).isEqualTo(overwrites ? "2 0 0 0" : "1 0 1 0");
                assertThat(target.ask("SELECT x FROM t ORDER BY id"))
                        .containsExactly(overwrites ? "legacy" : "live", "legacy");
            }
        }
    }

    @Test
    void a_fault_that_is_no_rows_goes_to_the_caller() throws Exception {
        TargetFixture target = TargetFixture.of(OVERWRITE, "id,x,v", TABLE);
        List<Row> rows = target.rows("VALUES (1, 'a', NULL::timestamp)");
        target.database.run("ALTER TABLE t DROP COLUMN x");

        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> target.write(rows))
                .satisfies(failure -> assertThat(failure.getSQLState()).isEqualTo("42703"));
    }
}
