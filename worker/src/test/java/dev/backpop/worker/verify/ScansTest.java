package dev.backpop.worker.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.plan.Verification.Method;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.testing.Database;
import dev.backpop.testing.Servers;
import dev.backpop.worker.verify.ScanFixture.Verdict;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ScansTest {
    private static final String IDS = """
            from: { table: old_thing, key: id }
            into: { table: thing, key: id }
            """;

    /** A pair of values of one type. */
    private record Pair(String type, String legacy, String target) {}

    private static final List<Pair> DIFFERENT = List.of(
            new Pair("text", "NULL", "''"),
            new Pair("text", "''", "' '"),
            new Pair("text", "'a'", "'A'"),
            new Pair("text", "'a'", "'a '"),
            new Pair("text", "U&'\\00e4'", "U&'a\\0308'"),
            new Pair("varchar", "'x'", "'y'"),
            new Pair("bool", "true", "NULL"),
            new Pair("int2", "1", "-1"),
            new Pair("int4", "0", "NULL"),
            new Pair("int8", "-1", "4294967295"),
            new Pair("int8", "1", "4294967296"),
            new Pair("oid", "1", "2"),
            new Pair("numeric", "5", "-5"),
            new Pair("numeric", "0", "NULL"),
            new Pair("numeric", "'NaN'", "'Infinity'"),
            new Pair("numeric", "'Infinity'", "'-Infinity'"),
            new Pair("numeric", "'NaN'", "0"),
            new Pair("numeric", "1.5", "1.51"),
            new Pair("float4", "0", "NULL"),
            new Pair("float8", "0", "NULL"),
            new Pair("float8", "'NaN'", "'Infinity'"),
            new Pair("float8", "0.1", "0.1::float8 + 1e-17 * 10"),
            new Pair("date", "'0044-03-15 BC'", "'0044-03-15'"),
            new Pair("date", "'infinity'", "'-infinity'"),
            new Pair("time", "'00:00'", "'24:00'"),
            new Pair("timestamp", "'infinity'", "'-infinity'"),
            new Pair("timestamptz", "'2020-01-01 00:00:00.000001+00'", "'2020-01-01 00:00:00+00'"),
            new Pair("timestamptz", "'2020-01-01 00:00+00'", "'2020-01-01 00:00+01'"),
            new Pair("timetz", "'10:00+00'", "'11:00+01'"),
            new Pair("interval", "'1 mon'", "'30 days'"),
            new Pair("interval", "'24:00'", "'1 day'"),
            new Pair("bytea", "'\\x00'", "'\\x0000'"),
            new Pair("uuid", "'00000000-0000-0000-0000-000000000001'", "'00000000-0000-0000-0000-000000000002'"),
            new Pair("json", "'{\"a\":1}'", "'{\"a\": 1}'"),
            new Pair("jsonb", "'[1, 2]'", "'[2, 1]'"),
            new Pair("jsonb", far(true), far(false)),
            new Pair("jsonb", "'null'", "NULL"),
            new Pair("int4[]", "'{1,2,3,4}'", "'{{1,2},{3,4}}'"),
            new Pair("int4[]", "'{1,2}'", "'[0:1]={1,2}'"),
            new Pair("text[]", "'{NULL}'", "'{\"\"}'"),
            new Pair("inet", "'10.0.0.1/8'", "'10.0.0.1'"),
            new Pair("cidr", "'10.0.0.0/8'", "'10.0.0.0/9'"),
            new Pair("int4range", "'[1,5)'", "'[1,6)'"),
            new Pair("numrange", "'[1,2)'", "'[1,2]'"),
            new Pair("int4multirange", "'{[1,5)}'", "'{[1,2),[3,5)}'"),
            new Pair("bit varying", "'1'", "'10'"),
            new Pair("point", "'(1,2)'", "'(2,1)'"),
            new Pair("regclass", "'pg_class'", "'pg_type'"),
            new Pair("xml", "'<a/>'", "'<a></a>'"),
            new Pair("mood", "'sad'", "'happy'"));

    private static final List<Pair> EQUAL = List.of(
            new Pair("numeric", "1.0", "1.00"),
            new Pair("numeric", "'NaN'", "'NaN'"),
            new Pair("float4", "'-0'", "0"),
            new Pair("float8", "'-0'", "0"),
            new Pair("float8", "'NaN'", "'NaN'"),
            new Pair("jsonb", "'{\"b\": 1, \"a\": 2}'", "'{\"a\":2,\"b\":1}'"),
            new Pair("bpchar", "'a'", "'a  '"),
            new Pair("timestamptz", "'2020-01-01 00:00+00'", "'2020-01-01 01:00+01'"),
            new Pair("timestamptz", "'0044-03-15 BC'", "'0044-03-15 BC'"),
            new Pair("interval", "'1 year'", "'12 mons'"),
            new Pair("int4[]", "'{NULL,1}'", "'[1:2]={NULL,1}'"),
            new Pair("mood", "'sad'", "'sad'"),
            new Pair("text", "NULL", "NULL"));

    /** Two jsonb arrays that exchanged elements 32 apart, where a hash that rotates 32 bits by one sees no difference. */
    private static String far(boolean straight) {
        List<String> elements = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            elements.add("0");
        }
        elements.set(straight ? 0 : 32, "1");
        elements.set(straight ? 32 : 0, "2");
        return "'[" + String.join(",", elements) + "]'";
    }

    /**
     * A row for each pair with a column for each type: row n has pair n in the column of its type.
     *
     * @param filled whether the other columns hold the same value of their type on both sides; NULL otherwise
     */
    private static ScanFixture typed(List<Pair> pairs, boolean filled) throws Exception {
        List<String> types = pairs.stream().map(Pair::type).distinct().toList();
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            columns.add("c" + i + " " + types.get(i));
        }
        Database legacy = Database.with(
                "CREATE TYPE mood AS ENUM ('sad', 'happy')",
                "CREATE TABLE old_thing (id int PRIMARY KEY, " + String.join(", ", columns) + ")");
        Database target = Database.with(
                // The other order, so that the numbers behind the words differ.
                "CREATE TYPE mood AS ENUM ('happy', 'sad')",
                "CREATE TABLE thing (id bigint PRIMARY KEY, " + String.join(", ", columns) + ")");
        for (int i = 0; i < pairs.size(); i++) {
            Pair pair = pairs.get(i);
            List<String> left = new ArrayList<>();
            List<String> right = new ArrayList<>();
            for (String type : types) {
                boolean own = type.equals(pair.type());
                String other = filled ? someValue(pairs, type) : "NULL";
                left.add(own ? pair.legacy() : other);
                right.add(own ? pair.target() : other);
            }
            legacy.run("INSERT INTO old_thing VALUES (" + (i + 1) + ", " + String.join(", ", left) + ")");
            target.run("INSERT INTO thing VALUES (" + (i + 1) + ", " + String.join(", ", right) + ")");
        }
        List<String> rules = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            rules.add("c" + i + ": c" + i);
        }
        return new ScanFixture(legacy, target, IDS + "columns: { " + String.join(", ", rules) + " }\n");
    }

    private static String someValue(List<Pair> pairs, String type) {
        return pairs.stream()
                .filter(pair -> pair.type().equals(type))
                .flatMap(pair -> Stream.of(pair.legacy(), pair.target()))
                .filter(value -> !value.equals("NULL"))
                .findFirst()
                .orElse("NULL");
    }

    private static Stream<Arguments> methodsWithAndWithoutNulls() {
        return Stream.of(Method.values())
                .flatMap(method -> Stream.of(Arguments.of(method, false), Arguments.of(method, true)));
    }

    @ParameterizedTest
    @MethodSource("methodsWithAndWithoutNulls")
    void every_difference_of_every_type_is_a_candidate(Method method, boolean filled) throws Exception {
        try (ScanFixture fixture = typed(DIFFERENT, filled)) {
            Verdict verdict = fixture.verdict(fixture.scan(method));

            List<String> missed = new ArrayList<>();
            for (int i = 0; i < DIFFERENT.size(); i++) {
                if (!verdict.candidates().contains(Integer.toString(i + 1))) {
                    missed.add(DIFFERENT.get(i).toString());
                }
            }
            assertThat(missed).isEmpty();
            assertThat(verdict.matched()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void columns_that_exchanged_their_values_are_candidates(Method method) throws Exception {
        List<String> types = List.of(
                "int2",
                "int4",
                "int8",
                "oid",
                "float4",
                "float8",
                "bool",
                "text",
                "varchar",
                "bytea",
                "date",
                "numeric",
                "timestamp",
                "timestamptz",
                "time",
                "uuid");
        List<String> columns = new ArrayList<>();
        List<String> values = new ArrayList<>();
        List<String> rules = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            columns.add("a" + i + " " + types.get(i) + ", b" + i + " " + types.get(i));
            values.add(
                    switch (types.get(i)) {
                        case "bool" -> "false, true";
                        case "bytea" -> "'\\x00', '\\x01'";
                        case "date", "timestamp", "timestamptz" -> "'2000-01-01', '2000-01-02'";
                        case "time" -> "'00:00', '00:01'";
                        case "uuid" -> "'00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000001'";
                        default -> "'0', '1'";
                    });
            rules.add("a" + i + ": a" + i + ", b" + i + ": b" + i);
        }
        String table = " (id int PRIMARY KEY, " + String.join(", ", columns) + ")";
        String row = " SELECT i, " + String.join(", ", values) + " FROM generate_series(1, " + types.size() + ") AS i";
        Database legacy = Database.with("CREATE TABLE old_thing" + table, "INSERT INTO old_thing" + row);
        Database target = Database.with("CREATE TABLE thing" + table, "INSERT INTO thing" + row);
        for (int i = 0; i < types.size(); i++) {
            target.run("UPDATE thing SET a" + i + " = b" + i + ", b" + i + " = a" + i + " WHERE id = " + (i + 1));
        }
        try (ScanFixture fixture =
                new ScanFixture(legacy, target, IDS + "columns: { " + String.join(", ", rules) + " }\n")) {
            Verdict verdict = fixture.verdict(fixture.scan(method));

            assertThat(verdict.matched()).isZero();
            assertThat(verdict.candidates()).hasSize(types.size());
        }
    }

    @ParameterizedTest
    @MethodSource("methodsWithAndWithoutNulls")
    void values_that_are_equal_match_in_whatever_spelling(Method method, boolean filled) throws Exception {
        try (ScanFixture fixture = typed(EQUAL, filled)) {
            Verdict verdict = fixture.verdict(fixture.scan(method));

            assertThat(verdict).isEqualTo(new Verdict(EQUAL.size(), List.of()));
        }
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void rows_that_exchanged_a_value_are_candidates(Method method) throws Exception {
        String table = " (id int PRIMARY KEY, x text, n int, f float8)";
        String fill = "INSERT INTO %s SELECT i, 'x' || i, i, NULLIF(i %% 2, 0) FROM generate_series(1, 300) AS i";
        Database legacy = Database.with("CREATE TABLE old_thing" + table, fill.formatted("old_thing"));
        Database target = Database.with(
                "CREATE TABLE thing" + table,
                fill.formatted("thing"),
                // The fourth row of each ten and the fifth, one column in each hundred.
                "UPDATE thing SET x = 'x' || (id / 10) * 10 + 9 - id % 10 WHERE id <= 100 AND id % 10 IN (4, 5)",
                "UPDATE thing SET n = (id / 10) * 10 + 9 - id % 10 WHERE id BETWEEN 101 AND 200 AND id % 10 IN (4, 5)",
                "UPDATE thing SET f = NULLIF((id + 1) % 2, 0) WHERE id BETWEEN 201 AND 300 AND id % 10 IN (4, 5)");
        try (ScanFixture fixture = new ScanFixture(legacy, target, IDS + "columns: { x: x, n: n, f: f }\n")) {
            Scan scan = fixture.scan(method);
            List<String> missed = new ArrayList<>();
            for (int ten = 0; ten < 300; ten += 10) {
                Verdict verdict = fixture.verdict(
                        scan,
                        new KeySelection.Range(
                                null, Key.of(Integer.toString(ten)), Key.of(Integer.toString(ten + 10))));
                if (verdict.candidates().size() != 2 || verdict.matched() != 8) {
                    missed.add(ten + ": " + verdict);
                }
            }

            assertThat(missed).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void text_keys_pair_up_whatever_the_collations(Method method) throws Exception {
        String keys = "('a'), ('A'), ('B'), ('b'), ('_'), ('-x'), ('x'), (''), (' '), ('\u00e4'), ('a\u0308'), ('z'),"
                + " ('\ud83d\ude00'), ('\uffee'), ('10'), ('9')";
        Database legacy = Database.with(
                "CREATE COLLATION forgiving (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                "CREATE TABLE old_thing (k text COLLATE \"en-US-x-icu\" PRIMARY KEY, n int, x text COLLATE forgiving)",
                "INSERT INTO old_thing (k) VALUES " + keys,
                "UPDATE old_thing SET n = ascii(k), x = 'x' || k");
        Database target = Database.with(
                "CREATE TABLE thing (k varchar(10) COLLATE \"de-DE-x-icu\" PRIMARY KEY, n int, x text)",
                "INSERT INTO thing (k) VALUES " + keys,
                "UPDATE thing SET n = ascii(k), x = 'x' || k",
                "UPDATE thing SET x = upper(x) WHERE k = 'z'",
                "UPDATE thing SET n = 0 WHERE k = '_'",
                "DELETE FROM thing WHERE k IN ('A', '\u00e4')",
                "INSERT INTO thing VALUES ('C', 1, 'xC'), ('\u00c4', 1, '')");
        String entity = """
                from: { table: old_thing, key: k }
                into: { table: thing, key: k }
                columns: { n: n, x: x }
                """;
        try (ScanFixture fixture = new ScanFixture(legacy, target, entity)) {
            Verdict verdict = fixture.verdict(fixture.scan(method));

            assertThat(verdict).isEqualTo(new Verdict(12, List.of("A", "C", "_", "z", "\u00c4", "\u00e4")));
        }
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void keys_of_several_columns_and_lists_of_keys_are_scanned(Method method) throws Exception {
        String rows = " SELECT d, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'B' END, i, 'x' FROM generate_series(1, 20) AS i,"
                + " unnest('{2020-01-01,1999-12-31}'::date[]) AS d";
        Database legacy =
                Database.with("CREATE TABLE old_thing (d date, t text, i int, x text)", "INSERT INTO old_thing" + rows);
        Database target = Database.with(
                "CREATE TABLE thing (d date, t text, i bigint, x text, PRIMARY KEY (d, t, i))",
                "INSERT INTO thing" + rows,
                "UPDATE thing SET x = 'y' WHERE i = 3 AND d = '1999-12-31'",
                "DELETE FROM thing WHERE i = 4 AND d = '2020-01-01'");
        String entity = """
                from: { table: old_thing, key: [d, t, i] }
                into: { table: thing, key: [d, t, i] }
                columns: { x: x }
                """;
        try (ScanFixture fixture = new ScanFixture(legacy, target, entity)) {
            Scan scan = fixture.scan(method);

            assertThat(fixture.verdict(scan))
                    .isEqualTo(new Verdict(38, List.of("(1999-12-31, B, 3)", "(2020-01-01, a, 4)")));
            KeySelection some = new KeySelection.Keys(List.of(
                    Key.of("2020-01-01", "a", "4"),
                    Key.of("2020-01-01", "a", "6"),
                    Key.of("1999-12-31", "B", "3"),
                    Key.of("1999-12-31", "B", "999")));
            assertThat(fixture.verdict(scan, some))
                    .isEqualTo(new Verdict(1, List.of("(1999-12-31, B, 3)", "(2020-01-01, a, 4)")));
        }
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void a_key_of_two_legacy_rows_is_one_candidate_and_no_match(Method method) throws Exception {
        Database legacy = Database.with(
                "CREATE TABLE old_thing (id int, x text)",
                "INSERT INTO old_thing VALUES (1, 'a'), (2, 'b'), (2, 'b'), (3, 'c'), (4, 'd'), (4, 'e'), (5, 'f'), (5, 'f')");
        Database target = Database.with(
                "CREATE TABLE thing (id int PRIMARY KEY, x text)",
                "INSERT INTO thing VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'e'), (5, 'f')");
        try (ScanFixture fixture = new ScanFixture(legacy, target, IDS + "columns: { x: x }\n")) {
            assertThat(fixture.verdict(fixture.scan(method))).isEqualTo(new Verdict(2, List.of("2", "4", "5")));
        }
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void a_row_that_cannot_be_read_costs_no_other_row(Method method) throws Exception {
        Database legacy = Database.with(
                "CREATE TABLE old_thing AS SELECT i AS id, i % 50 AS n FROM generate_series(1, 120) AS i");
        Database target = Database.with(
                "CREATE TABLE thing AS SELECT i AS id, 100 / greatest(i % 50, 1) AS n FROM generate_series(1, 120) AS i",
                "ALTER TABLE thing ADD PRIMARY KEY (id)", "UPDATE thing SET n = -1 WHERE id = 7");
        try (ScanFixture fixture = new ScanFixture(legacy, target, IDS + "columns: { n: 100 / n }\n")) {
            Scan scan = fixture.scan(method);

            assertThat(fixture.verdict(scan)).isEqualTo(new Verdict(117, List.of("7", "50", "100")));
            // The sessions are as good as before.
            assertThat(fixture.verdict(scan, new KeySelection.Range(null, null, Key.of("49"))))
                    .isEqualTo(new Verdict(48, List.of("7")));
        }
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void types_of_the_legacy_store_are_cast_to_those_of_the_target(Method method) throws Exception {
        Database legacy = Database.with(
                "CREATE TABLE old_thing (id int PRIMARY KEY, v varchar(9), t timestamp, n int, c char(5), m text)",
                "INSERT INTO old_thing SELECT i, 'v' || i, '2020-01-01'::timestamp + i * interval '1 h', i, 'c', 'sad'"
                        + " FROM generate_series(1, 9) AS i");
        Database target = Database.with(
                "CREATE TYPE mood AS ENUM ('happy', 'sad')",
                "CREATE DOMAIN words AS text",
                "CREATE TABLE thing (id bigint PRIMARY KEY, v words, t timestamptz, n numeric(9,2), c text, m mood)",
                "INSERT INTO thing SELECT i, 'v' || i, '2020-01-01Z'::timestamptz + i * interval '1 h', i, 'c', 'sad'"
                        + " FROM generate_series(1, 9) AS i",
                "UPDATE thing SET t = t + interval '1 h' WHERE id = 3",
                "UPDATE thing SET n = n + 0.01 WHERE id = 4",
                "UPDATE thing SET c = 'c    ' WHERE id = 5",
                "UPDATE thing SET m = 'happy' WHERE id = 6");
        String columns = "columns: { v: v, t: t, n: n, c: c, m: m }\n";
        try (ScanFixture fixture = new ScanFixture(legacy, target, IDS + columns)) {
            assertThat(fixture.verdict(fixture.scan(method))).isEqualTo(new Verdict(5, List.of("3", "4", "5", "6")));
        }
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void any_number_of_unexpected_rows_comes_in_bounded_looks(Method method) throws Exception {
        // Wide enough that a stream is not read to its end when a look is full.
        String wide = ", repeat('w', 1000) FROM generate_series(%s) AS i";
        Database legacy = Database.with(
                "CREATE TABLE old_thing (id int PRIMARY KEY, x text)",
                "INSERT INTO old_thing SELECT i" + wide.formatted("100, 40000, 100"));
        Database target = Database.with(
                "CREATE TABLE thing (id int PRIMARY KEY, x text)",
                "INSERT INTO thing SELECT i" + wide.formatted("1, 25000"));
        try (ScanFixture fixture = new ScanFixture(legacy, target, IDS + "columns: { x: x }\n")) {
            Scan scan = fixture.scan(method);
            long matched = 0;
            Set<Key> candidates = new HashSet<>();
            KeySelection rest = ScanFixture.ALL;
            while (rest != null) {
                Scanned scanned = scan.run(rest);
                assertThat(scanned.candidates()).hasSizeLessThanOrEqualTo(LockStep.MOST_CANDIDATES);
                matched += scanned.matched();
                candidates.addAll(scanned.candidates());
                rest = scanned.rest();
            }

            assertThat(matched).isEqualTo(250);
            assertThat(candidates).hasSize(25_000 - 250 + 150);
        }
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void columns_that_are_ignored_are_not_looked_at(Method method) throws Exception {
        Database legacy = Database.with(
                "CREATE TABLE old_thing (id int PRIMARY KEY, x text, y text)",
                "INSERT INTO old_thing VALUES (1, 'a', 'b'), (2, 'c', 'd')");
        Database target = Database.with(
                "CREATE TABLE thing (id int PRIMARY KEY, x text, y text)",
                "INSERT INTO thing VALUES (1, 'other', 'b'), (2, NULL, 'e')");
        String rules = "columns: { x: x, y: y }\ncompare: { x: { ignore: nobody reads it } }\n";
        try (ScanFixture fixture = new ScanFixture(legacy, target, IDS + rules)) {
            assertThat(fixture.verdict(fixture.scan(method))).isEqualTo(new Verdict(1, List.of("2")));
        }
    }

    @Test
    void digests_are_the_choice_where_they_are_possible() throws Exception {
        Database database = Database.with(
                "CREATE TABLE old_thing (id int PRIMARY KEY, n int)", "CREATE TABLE thing (id int PRIMARY KEY, n int)");
        String columns = "columns: { n: n }\n";

        assertThat(chosen(database, database, columns, null)).isEqualTo(Method.DIGESTS);
        assertThat(chosen(database, database, columns + "verify: { method: bytes }\n", null))
                .isEqualTo(Method.BYTES);
        assertThat(chosen(database, database, columns + "verify: { method: bytes }\n", Method.ROWS))
                .isEqualTo(Method.ROWS);
        assertThat(chosen(database, database, columns + "compare: { n: { tolerance: 1 } }\n", Method.DIGESTS))
                .isEqualTo(Method.BYTES);
    }

    @Test
    void databases_of_different_encodings_are_compared_without_hashes() throws Exception {
        try (Connection connection = Servers.postgres().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'");
            statement.execute(
                    "CREATE DATABASE windows ENCODING 'WIN1252' TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'");
        }
        Database latin = Database.at(Servers.postgres().url("latin"));
        Database windows = Database.at(Servers.postgres().url("windows"));
        Database target = Database.with(
                "CREATE TABLE thing (id text PRIMARY KEY, x text)",
                "INSERT INTO thing VALUES" + " ('\u00e4', '\u00fc'), ('a', 'b'), ('\u00f6', ''), ('\u00ff', 'y')");
        for (Database legacy : List.of(latin, windows)) {
            legacy.run(
                    "CREATE TABLE old_thing (id text PRIMARY KEY, x text)",
                    "INSERT INTO old_thing VALUES ('\u00e4', '\u00fc'), ('a', 'b'), ('\u00f6', 'x'), ('\u00ff', 'y')");
        }
        windows.run("INSERT INTO old_thing VALUES ('\u20ac', 'euro')");
        target.run("INSERT INTO thing VALUES ('\u20ac', 'euro')");

        assertThat(chosen(latin, target, "columns: { x: x }\n", null)).isEqualTo(Method.BYTES);
        assertThat(chosen(windows, target, "columns: { x: x }\n", null)).isEqualTo(Method.ROWS);
        try (ScanFixture fixture = new ScanFixture(latin, target, IDS + "columns: { x: x }\n")) {
            assertThat(fixture.verdict(fixture.scan(Method.BYTES)))
                    .isEqualTo(new Verdict(3, List.of("\u00f6", "\u20ac")));
        }
        try (ScanFixture fixture = new ScanFixture(windows, target, IDS + "columns: { x: x }\n")) {
            assertThat(fixture.verdict(fixture.scan(Method.ROWS))).isEqualTo(new Verdict(4, List.of("\u00f6")));
        }
    }

    private static Method chosen(Database legacy, Database target, String rules, @Nullable Method wanted) {
        try (ScanFixture fixture = new ScanFixture(legacy, target, IDS + rules)) {
            return Scans.of(fixture.stores, fixture.target, wanted).method();
        }
    }

    @Test
    void where_all_differs_the_sums_are_left_out_and_asked_for_again_when_all_agrees() throws Exception {
        Database legacy = Database.with(
                "CREATE TABLE old_thing AS SELECT i AS id, i AS n FROM generate_series(1, 1000) AS i",
                "ALTER TABLE old_thing ADD PRIMARY KEY (id)");
        Database target = Database.with(
                "CREATE TABLE thing AS SELECT i AS id, i + (i <= 500 AND i % 10 = 1)::int AS n"
                        + " FROM generate_series(1, 1000) AS i",
                "ALTER TABLE thing ADD PRIMARY KEY (id)");
        try (ScanFixture fixture = new ScanFixture(legacy, target, IDS + "columns: { n: n }\n")) {
            Scan scan = fixture.scan(Method.DIGESTS);
            List<Long> matched = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                KeySelection ten = new KeySelection.Range(
                        null, Key.of(Integer.toString(i * 10)), Key.of(Integer.toString(i * 10 + 10)));
                matched.add(scan.run(ten).matched());
            }

            assertThat(matched.subList(0, 50)).containsOnly(9L);
            assertThat(matched.subList(50, 100)).containsOnly(10L);
        }
    }

    @Test
    void a_legacy_stream_that_is_left_early_is_no_fault_of_the_legacy_store() throws Exception {
        String wide = ", repeat('w', 1000) FROM generate_series(%s) AS i";
        Database legacy = Database.with(
                "CREATE TABLE old_thing (id int PRIMARY KEY, x text)",
                "INSERT INTO old_thing SELECT i" + wide.formatted("20001, 30000"));
        Database target = Database.with(
                "CREATE TABLE thing (id int PRIMARY KEY, x text)",
                "INSERT INTO thing SELECT i" + wide.formatted("1, 30000"));
        try (ScanFixture fixture = new ScanFixture(legacy, target, IDS + "columns: { x: x }\n")) {
            assertThat(fixture.verdict(fixture.scan(Method.BYTES)).matched()).isEqualTo(10_000);
        }
    }

    @Test
    void numbers_ten_thousand_times_too_large_are_candidates() throws Exception {
        Database legacy = Database.with(
                "CREATE TABLE old_thing AS SELECT i AS id, i * 7.25 AS n FROM generate_series(1, 100) AS i",
                "ALTER TABLE old_thing ADD PRIMARY KEY (id)");
        Database target = Database.with(
                "CREATE TABLE thing AS SELECT i AS id, i * 7.25 * 10000 AS n FROM generate_series(1, 100) AS i",
                "ALTER TABLE thing ADD PRIMARY KEY (id)");
        try (ScanFixture fixture = new ScanFixture(legacy, target, IDS + "columns: { n: n }\n")) {
            long matched = 0;
            for (int i = 0; i < 50; i++) {
                // A new one each time: it remembers which ones differed.
                matched += fixture.scan(Method.DIGESTS)
                        .run(new KeySelection.Range(
                                null, Key.of(Integer.toString(i * 2)), Key.of(Integer.toString(i * 2 + 2))))
                        .matched();
            }
            assertThat(matched).isZero();
        }
    }
}
