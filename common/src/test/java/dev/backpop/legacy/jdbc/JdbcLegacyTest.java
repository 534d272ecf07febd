package dev.backpop.legacy.jdbc;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.legacy.FailedRow;
import dev.backpop.legacy.LegacyEntity;
import dev.backpop.legacy.LegacyUnavailableException;
import dev.backpop.plan.ColumnRule;
import dev.backpop.plan.Entity;
import dev.backpop.plan.From;
import dev.backpop.plan.Guard;
import dev.backpop.plan.Into;
import dev.backpop.plan.LegacySource;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.row.BinaryValues;
import dev.backpop.row.ColumnType;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.KeyShape;
import dev.backpop.row.KeyType;
import dev.backpop.row.Row;
import dev.backpop.row.RowShape;
import dev.backpop.testing.Database;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcLegacyTest {
    private static final ColumnType BIGINT = new ColumnType(20, "bigint", "bigint", false);
    private static final ColumnType TEXT = new ColumnType(25, "text", "text", false);
    private static final ColumnType TIME =
            new ColumnType(1184, "timestamp with time zone", "timestamp with time zone", false);
    private static final KeySelection ALL = new KeySelection.Range(null, null, null);

    private final List<JdbcLegacy> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(JdbcLegacy::close);
    }

    private LegacyEntity open(Database database, From from, Map<String, ColumnType> columns, String... expressions) {
        JdbcLegacy legacy = new JdbcLegacy(new LegacySource.Jdbc(database.url(), null, null), "test", 2);
        opened.add(legacy);
        List<String> names = columns.keySet().stream().sorted().toList();
        List<String> keys = names.subList(0, from.key().size());
        List<ColumnRule> rules = IntStream.range(0, names.size())
                .mapToObj(i -> new ColumnRule(names.get(i), expressions[i]))
                .toList();
        Entity entity = new Entity("thing", List.of(), from, new Into("t", keys), rules, new Guard.Overwrite());
        RowShape shape = new RowShape(
                names.stream()
                        .map(name -> new RowShape.Column(name, requireNonNull(columns.get(name))))
                        .toList(),
                IntStream.range(0, keys.size()).boxed().toList(),
                new KeyShape(keys.stream()
                        .map(name -> KeyType.ofOid(
                                        requireNonNull(columns.get(name)).oid())
                                .orElseThrow())
                        .toList()));
        return legacy.entity(entity, shape);
    }

    private LegacyEntity numbers(Database database, From from, String expression) {
        return open(database, from, Map.of("a", BIGINT, "b", TEXT), from.key().get(0), expression);
    }

    private static From table(String key) {
        return new From.Table("t", List.of(key), null);
    }

    private static List<String> fetch(LegacyEntity entity, KeySelection selection, List<FailedRow> failed) {
        List<String> found = new ArrayList<>();
        failed.addAll(entity.fetch(selection, rows -> {
            assertThat(rows).isNotEmpty();
            rows.forEach(row -> found.add(show(row)));
        }));
        return found;
    }

    private static String show(Row row) {
        byte[] text = row.field(1);
        return BinaryValues.text(20, requireNonNull(row.field(0)))
                + (text == null ? "" : " " + BinaryValues.text(25, text));
    }

    private static List<String> fetch(LegacyEntity entity, KeySelection selection) {
        List<FailedRow> failed = new ArrayList<>();
        List<String> found = fetch(entity, selection, failed);
        assertThat(failed).isEmpty();
        return found;
    }

    private static List<String> keys(
            LegacyEntity entity, @Nullable Key from, @Nullable Key after, Key upTo, long limit) {
        List<String> keys = new ArrayList<>();
        entity.keys(from, after, upTo, limit, key -> keys.add(key.toString()));
        return keys;
    }

    @Test
    void keys_come_in_pages_up_to_the_bound() throws Exception {
        Database database = Database.with("CREATE TABLE t AS SELECT i * 10 AS id FROM generate_series(1, 9) AS i");
        LegacyEntity entity = numbers(database, table("id"), "id::text");

        assertThat(entity.lastKey(null, null)).contains(Key.of("90"));
        assertThat(entity.lastKey(null, Key.of("55"))).contains(Key.of("50"));
        assertThat(entity.lastKey(Key.of("91"), null)).isEmpty();
        assertThat(keys(entity, null, null, Key.of("70"), 3)).containsExactly("10", "20", "30");
        assertThat(keys(entity, null, Key.of("30"), Key.of("70"), 9)).containsExactly("40", "50", "60", "70");
        assertThat(keys(entity, Key.of("65"), null, Key.of("70"), 9)).containsExactly("70");
        assertThat(entity.estimatedKeys()).isPresent();
    }

    private static List<String> edges(LegacyEntity entity, @Nullable Key after, Key upTo, int size, long limit) {
        List<String> edges = new ArrayList<>();
        entity.edges(null, after, upTo, size, limit, (key, number) -> edges.add(number + ": " + key));
        return edges;
    }

    @Test
    void planning_gets_the_ends_of_runs_and_the_whole_of_a_short_last_one() throws Exception {
        Database database = Database.with("CREATE TABLE t AS SELECT i * 10 AS id FROM generate_series(1, 9) AS i");
        LegacyEntity entity = numbers(database, table("id"), "id::text");

        assertThat(edges(entity, null, Key.of("90"), 4, 8)).containsExactly("1: 10", "4: 40", "5: 50", "8: 80");
        assertThat(edges(entity, Key.of("10"), Key.of("80"), 5, 10))
                .containsExactly("1: 20", "5: 60", "6: 70", "7: 80");
        assertThat(edges(entity, Key.of("40"), Key.of("55"), 4, 8)).containsExactly("1: 50");
        assertThat(edges(entity, null, Key.of("30"), 1, 2)).containsExactly("1: 10", "2: 20");
        assertThat(edges(entity, Key.of("90"), Key.of("90"), 3, 9)).isEmpty();
    }

    @Test
    void a_key_that_is_there_twice_comes_twice_wherever_it_stands_in_a_run() throws Exception {
        Database database = Database.with(
                "CREATE TABLE t (a text COLLATE \"en-x-icu\", n int)",
                "INSERT INTO t VALUES ('a', 1), ('a', 2), ('a', 2), ('a', 3), ('B', 1), ('B', 1)");
        LegacyEntity entity =
                open(database, new From.Table("t", List.of("a", "n"), null), Map.of("a", TEXT, "b", BIGINT), "a", "n");

        assertThat(edges(entity, null, Key.of("a", "3"), 100, 100))
                .containsSubsequence("2: (B, 1)", "2: (B, 1)", "5: (a, 2)", "5: (a, 2)");
    }

    @Test
    void numbers_order_as_numbers_and_not_as_their_text() throws Exception {
        Database database = Database.with("CREATE TABLE t AS SELECT i AS id FROM generate_series(1, 100) AS i");
        LegacyEntity entity = open(database, table("id"), Map.of("a", BIGINT, "b", TEXT), "id", "id");

        assertThat(entity.lastKey(null, null)).contains(Key.of("100"));
        assertThat(keys(entity, null, Key.of("8"), Key.of("100"), 4)).containsExactly("9", "10", "11", "12");
        assertThat(fetch(entity, new KeySelection.Range(null, Key.of("98"), null)))
                .containsExactly("99 99", "100 100");
    }

    @Test
    void ranges_and_lists_are_fetched_in_key_order() throws Exception {
        Database database = Database.with("CREATE TABLE t AS SELECT i AS id FROM generate_series(9, 1, -1) AS i");
        LegacyEntity entity = numbers(database, table("id"), "'x' || id");

        assertThat(fetch(entity, new KeySelection.Range(Key.of("2"), null, Key.of("4"))))
                .containsExactly("2 x2", "3 x3", "4 x4");
        assertThat(fetch(entity, new KeySelection.Keys(List.of(Key.of("7"), Key.of("5"), Key.of("99")))))
                .containsExactly("5 x5", "7 x7");
        assertThat(fetch(entity, new KeySelection.Keys(List.of()))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "50", "100", "1,2,99,100"})
    void rows_whose_expression_fails_stand_alone(String bad) throws Exception {
        Database database = Database.with("CREATE TABLE t AS SELECT i AS id, CASE WHEN i IN (" + bad
                + ") THEN 0 ELSE 1 END AS n FROM generate_series(1, 100) AS i");
        LegacyEntity entity = numbers(database, table("id"), "(id / n)::text");
        List<FailedRow> failed = new ArrayList<>();

        List<String> found = fetch(entity, ALL, failed);

        assertThat(failed.stream().map(row -> row.key().toString())).containsExactly(bad.split(","));
        assertThat(failed).allSatisfy(row -> assertThat(row.sqlState()).isEqualTo("22012"));
        assertThat(found).hasSize(100 - failed.size()).doesNotHaveDuplicates();
    }

    @Test
    void every_row_may_fail() throws Exception {
        Database database = Database.with("CREATE TABLE t AS SELECT i AS id FROM generate_series(1, 33) AS i");
        List<FailedRow> failed = new ArrayList<>();

        assertThat(fetch(numbers(database, table("id"), "('x' || id)::int::text"), ALL, failed))
                .isEmpty();

        assertThat(failed)
                .hasSize(33)
                .allSatisfy(row -> assertThat(row.message()).contains("invalid input syntax"));
    }

    @Test
    void a_failure_after_the_first_batch_brings_no_row_twice_and_loses_none() throws Exception {
        Database database = Database.with(
                "CREATE TABLE t (id bigint PRIMARY KEY, x text, n int)",
                "INSERT INTO t SELECT i, repeat('x', 100000), CASE WHEN i IN (150, 200) THEN 0 ELSE 1 END"
                        + " FROM generate_series(1, 200) AS i");
        LegacyEntity entity = numbers(database, table("id"), "x || (1 / n)");
        List<FailedRow> failed = new ArrayList<>();
        List<Integer> batches = new ArrayList<>();
        List<String> ids = new ArrayList<>();

        failed.addAll(entity.fetch(ALL, rows -> {
            batches.add(rows.size());
            rows.forEach(row -> ids.add(BinaryValues.text(20, requireNonNull(row.field(0)))));
        }));

        assertThat(batches)
                .hasSizeGreaterThan(2)
                .allSatisfy(size -> assertThat(size).isBetween(1, 85));
        assertThat(ids).hasSize(198).doesNotHaveDuplicates().doesNotContain("150", "200");
        assertThat(failed.stream().map(row -> row.key().toString())).containsExactly("150", "200");
    }

    @Test
    void the_rows_of_a_repeated_key_come_once_each_beside_rows_that_fail() throws Exception {
        Database database = Database.with("CREATE TABLE t (id int, n int)");
        LegacyEntity entity = numbers(database, table("id"), "n || '/' || (10 / n)");
        for (String rows : List.of(
                "(1, 1), (2, 1), (2, 2), (3, 1), (4, 0)",
                "(1, 0), (2, 1), (2, 2), (2, 5)",
                "(2, 1), (2, 2), (2, 5), (4, 0)",
                "(1, 1), (2, 2), (2, 0), (2, 5), (3, 1)")) {
            database.run("TRUNCATE t", "INSERT INTO t VALUES " + rows);
            List<FailedRow> failed = new ArrayList<>();

            List<String> found = fetch(entity, ALL, failed);

            assertThat(found).as(rows).doesNotHaveDuplicates();
            assertThat(found.size() + failed.size())
                    .as(rows)
                    .isEqualTo(Integer.parseInt(
                            database.ask("SELECT count(*) FROM t").get(0)));
            assertThat(failed.stream().map(row -> row.key().toString()).distinct())
                    .as(rows)
                    .isEqualTo(database.ask("SELECT DISTINCT id FROM t WHERE n = 0"));
        }
    }

    @Test
    void a_batch_does_not_end_between_the_rows_of_a_key() throws Exception {
        Database database = Database.with(
                "CREATE TABLE t (id int, x text, n int)",
                "INSERT INTO t SELECT 5, repeat('x', 9000000), i FROM generate_series(1, 2) AS i",
                "INSERT INTO t VALUES (6, 'x', 1), (7, 'x', 0), (8, 'x', 1)",
                "CREATE INDEX ON t (id)");
        database.run("ALTER DATABASE " + database.name() + " SET enable_sort = off");
        LegacyEntity entity = numbers(database, table("id"), "left(x, 1) || n || (10 / n) || x");
        List<FailedRow> failed = new ArrayList<>();
        List<String> found = new ArrayList<>();

        failed.addAll(entity.fetch(ALL, rows -> {
            assertThat(rows).isNotEmpty();
            rows.forEach(row -> found.add(show(row).substring(0, 5)));
        }));

        assertThat(found).containsExactlyInAnyOrder("5 x11", "5 x25", "6 x11", "8 x11");
        assertThat(failed)
                .singleElement()
                .satisfies(row -> assertThat(row.key()).isEqualTo(Key.of("7")));
    }

    @Test
    void what_fails_does_not_make_a_fetch_hold_more_than_a_batch() throws Exception {
        Database database = Database.with(
                "CREATE TABLE t (id bigint, x text, n int)",
                "INSERT INTO t SELECT i, repeat('x', 100000), CASE WHEN i = 400 THEN 0 ELSE 1 END"
                        + " FROM generate_series(1, 400) AS i");
        List<Integer> batches = new ArrayList<>();

        List<FailedRow> failed = numbers(database, table("id"), "x || (1 / n)")
                .fetch(new KeySelection.Range(null, null, Key.of("400")), rows -> batches.add(rows.size()));

        assertThat(failed).hasSize(1);
        assertThat(batches.stream().mapToInt(size -> size).sum()).isEqualTo(399);
        assertThat(batches).allSatisfy(size -> assertThat(size).isLessThanOrEqualTo(85));
    }

    @Test
    void documents_are_the_whole_rows_and_those_that_cannot_be_read_are_left_out() throws Exception {
        Database database = Database.with(
                "CREATE TABLE t (id int, \"Mixed Case\" text)", "INSERT INTO t VALUES (1, 'a'), (2, NULL)");
        List<Key> keys = List.of(Key.of("1"), Key.of("2"), Key.of("3"));

        assertThat(numbers(database, table("t.id"), "\"Mixed Case\"").documents(keys))
                .as("a key may be qualified with its table")
                .isEqualTo(Map.of(
                        Key.of("1"), "{\"id\":1,\"Mixed Case\":\"a\"}", Key.of("2"), "{\"id\":2,\"Mixed Case\":null}"));
        From failing = new From.Query("SELECT id, 10 / (id - 1) AS x FROM t", List.of("id"));
        assertThat(numbers(database, failing, "x::text").documents(keys))
                .isEqualTo(Map.of(Key.of("2"), "{\"id\":2,\"x\":10}"));
        assertThat(numbers(database, failing, "x::text").documents(List.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM t WHERE id > 1 ORDER BY id DESC",
                "WITH w AS (SELECT * FROM t) SELECT id, n FROM w WHERE id > 1 OR false",
                "SELECT * FROM t WHERE id > 1;  ",
                "SELECT * FROM t WHERE id > 1 -- the rest",
                "SELECT id, n FROM t WHERE id > 1 UNION ALL SELECT 99, 1 WHERE false"
            })
    void a_query_may_be_written_as_people_write_them(String query) throws Exception {
        Database database =
                Database.with("CREATE TABLE t (id int, n int)", "INSERT INTO t VALUES (1, 1), (2, 2), (3, 3)");
        LegacyEntity entity = numbers(database, new From.Query(query, List.of("id")), "n::text -- why");

        assertThat(keys(entity, null, null, Key.of("3"), 9)).containsExactly("2", "3");
        assertThat(fetch(entity, new KeySelection.Range(null, Key.of("2"), Key.of("3"))))
                .containsExactly("3 3");
    }

    @Test
    void a_condition_narrows_whatever_it_is_made_of() throws Exception {
        Database database =
                Database.with("CREATE TABLE t (id int, n int)", "INSERT INTO t VALUES (1, 1), (2, 2), (3, 3)");
        LegacyEntity entity = numbers(database, new From.Table("t", List.of("id"), "n = 1 OR n = 3 -- odd"), "n::text");

        assertThat(entity.lastKey(null, Key.of("2"))).contains(Key.of("1"));
        assertThat(fetch(entity, ALL)).containsExactly("1 1", "3 3");
    }

    @Test
    void columns_named_as_words_of_sql_are_columns() throws Exception {
        Database database = Database.with(
                "CREATE TABLE \"order\" (\"user\" int, \"Mixed Case\" text, \"select\" text)",
                "INSERT INTO \"order\" VALUES (1, 'a', 'b')");

        LegacyEntity entity = open(
                database,
                new From.Table("order", List.of("user"), null),
                Map.of("a", BIGINT, "b", TEXT, "c", TEXT),
                "user",
                "Mixed Case",
                "select");

        assertThat(fetch(entity, ALL)).containsExactly("1 a");
        assertThat(entity.documents(List.of(Key.of("1")))).hasSize(1);
    }

    @Test
    void composite_keys_with_text_page_in_code_point_order() throws Exception {
        Database database = Database.with(
                "CREATE TABLE t (a text COLLATE \"en-x-icu\", n int)",
                "INSERT INTO t VALUES ('b', 1), ('B', 2), ('a', 1), ('a', 3)");
        LegacyEntity entity =
                open(database, new From.Table("t", List.of("a", "n"), null), Map.of("a", TEXT, "b", BIGINT), "a", "n");

        assertThat(entity.lastKey(null, null)).contains(Key.of("b", "1"));
        assertThat(keys(entity, null, Key.of("B", "2"), Key.of("b", "1"), 9))
                .containsExactly("(a, 1)", "(a, 3)", "(b, 1)");
    }

    @Test
    void times_without_a_zone_are_utc_whatever_the_database_says() throws Exception {
        Database database = Database.with("CREATE TABLE t AS SELECT 1 AS id, '2024-01-01 12:00'::timestamp AS at");
        database.run("ALTER DATABASE " + database.name() + " SET timezone = 'Asia/Tokyo'");
        LegacyEntity entity = open(database, table("id"), Map.of("a", BIGINT, "b", TIME), "id", "at");
        List<String> times = new ArrayList<>();

        entity.fetch(
                ALL, rows -> rows.forEach(row -> times.add(BinaryValues.text(1184, requireNonNull(row.field(1))))));

        assertThat(times).containsExactly("2024-01-01 12:00:00+00");
    }

    @Test
    void a_null_key_is_refused_with_the_way_out() throws Exception {
        Database database = Database.with("CREATE TABLE t (id int)", "INSERT INTO t VALUES (1), (NULL)");
        LegacyEntity entity = numbers(database, table("id"), "id::text");

        assertThatThrownBy(() -> entity.lastKey(null, null))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("the key is NULL")
                .hasMessageContaining("IS NOT NULL");
        assertThat(numbers(database, new From.Table("t", List.of("id"), "id IS NOT NULL"), "id::text")
                        .lastKey(null, null))
                .isEqualTo(Optional.of(Key.of("1")));
    }

    @Test
    void what_the_database_refuses_is_a_problem_of_the_plan() throws Exception {
        Database database = Database.with("CREATE TABLE t (id int, at timestamp)");

        assertThatThrownBy(() -> numbers(database, table("id"), "no_such"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("entities.thing.columns.b")
                .hasMessageContaining("no_such");
        assertThatThrownBy(() -> numbers(database, table("at"), "at")).hasMessageContaining("at::bigint");
        assertThatThrownBy(() -> numbers(database, new From.Table("none", List.of("id"), null), "id"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("entities.thing.from");
    }

    @Test
    void a_session_that_is_ended_midway_and_a_server_that_is_gone_are_unavailable() throws Exception {
        Database database = Database.with(
                "CREATE TABLE t AS SELECT i AS id, repeat('x', 1000) AS x FROM generate_series(1, 60000) AS i");
        LegacyEntity entity = numbers(database, table("id"), "x");

        assertThatThrownBy(() -> entity.fetch(ALL, rows -> terminate(database)))
                .isInstanceOf(LegacyUnavailableException.class)
                .hasMessageContaining("does not serve");
        Awaitility.await()
                .ignoreException(LegacyUnavailableException.class)
                .untilAsserted(() -> assertThat(entity.lastKey(null, null)).contains(Key.of("60000")));
    }

    private static void terminate(Database database) {
        try {
            database.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND application_name = 'backpop test'");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void rows_are_counted_within_the_scope_and_up_to_the_bound_those_without_a_key_too() throws Exception {
        Database database = Database.with(
                "CREATE TABLE t (a bigint, b text)",
                "INSERT INTO t SELECT nullif(i, 50), 'x' FROM generate_series(1, 100) AS i");
        LegacyEntity numbers = numbers(database, table("a"), "b");

        assertThat(numbers.count(null, null, null)).isEqualTo(100);
        assertThat(numbers.count(null, null, Key.of("90"))).isEqualTo(90);
        assertThat(numbers.count(Key.of("41"), Key.of("60"), Key.of("60"))).isEqualTo(19);
        assertThat(numbers.count(Key.of("41"), Key.of("60"), Key.of("55"))).isEqualTo(14);
    }
}
