package dev.backpop.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BinaryValuesTest {
    static Stream<Arguments> awkward_values() {
        return Stream.of(
                type("boolean", "true", "false"),
                type("smallint", "0", "-32768", "32767"),
                type("integer", "0", "-2147483648", "2147483647"),
                type("bigint", "-9223372036854775808", "9223372036854775807"),
                type("oid", "0", "4294967295"),
                type(
                        "real",
                        "0",
                        "-0",
                        "NaN",
                        "Infinity",
                        "-Infinity",
                        "0.1",
                        "1e6",
                        "999999",
                        "1e-4",
                        "1e-5",
                        "3.4028235e38",
                        "1e-45",
                        "16777216",
                        "-1.5",
                        "8589972000"),
                type(
                        "double precision",
                        "0",
                        "-0",
                        "NaN",
                        "Infinity",
                        "-Infinity",
                        "0.1",
                        "1e14",
                        "1e15",
                        "123456789012345678",
                        "1e-4",
                        "0.00001",
                        "2e-3",
                        "1.7976931348623157e308",
                        "4.9e-324",
                        "2.2250738585072014e-308",
                        "9007199254740993",
                        "2e23",
                        "-1.5"),
                type(
                        "numeric",
                        "0",
                        "0.00",
                        "1",
                        "-1",
                        "10000",
                        "0.0001",
                        "0.00010",
                        "1.10",
                        "-1234567890123456789.987654321000",
                        "100000000",
                        "1e30",
                        "1e-30",
                        "9999",
                        "99990000",
                        "0.99990000",
                        "NaN",
                        "Infinity",
                        "-Infinity",
                        "1" + "0".repeat(500),
                        "-0." + "0".repeat(300) + "7"),
                type(
                        "text",
                        "",
                        "plain",
                        "naïve 漢字 😀",
                        "tab\tnew\nline \\ \"quotes\" ''",
                        "\u0001\u001f\u007f",
                        "  padded  "),
                type("character varying", "", "x "),
                type("character(5)", "", "ab", " a"),
                type("name", "pg_class", "😀"),
                type("\"char\"", "", "a", "\\377"),
                type("json", "{\"a\":  1.10, \"a\": 2}", "null", "\"\\u0000\""),
                type("jsonb", "{\"b\": 1.10, \"a\": [true, null, \"😀\"]}", "1.00", "\"\\u0001\""),
                type("xml", "<a>1</a>", "text &amp; more"),
                type("bytea", "", "\\x00ff", "\\xdeadbeef"),
                type("uuid", "00000000-0000-0000-0000-000000000000", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"),
                type(
                        "date",
                        "2000-01-01",
                        "1999-12-31",
                        "0001-01-01",
                        "0001-12-31 BC",
                        "4713-11-24 BC",
                        "5874897-12-31",
                        "infinity",
                        "-infinity",
                        "2024-02-29"),
                type("time", "00:00", "23:59:59.999999", "24:00:00", "01:02:03.5", "12:00:00.000001"),
                type(
                        "time with time zone",
                        "12:00+00",
                        "12:00:00.10-05",
                        "01:02:03+05:30",
                        "00:00+15:59:59",
                        "24:00-15:59:01"),
                type(
                        "timestamp",
                        "2000-01-01",
                        "1999-12-31 23:59:59.999999",
                        "0044-03-15 12:30:00 BC",
                        "294276-12-31 23:59:59.999999",
                        "4713-11-24 00:00:00 BC",
                        "infinity",
                        "-infinity",
                        "1969-12-31 23:59:59.1"),
                type(
                        "timestamp with time zone",
                        "2000-01-01 00:00:00+00",
                        "2024-06-30 23:59:59.123456-07",
                        "0044-03-15 12:30:00.5+00 BC",
                        "infinity",
                        "-infinity",
                        "10000-01-01 00:00:00Z"),
                type(
                        "interval",
                        "0",
                        "1 year",
                        "1 year 1 mon 1 day 00:00:01",
                        "-1 year 2 mons -3 days 04:05:06.789",
                        "1 mon -1 day",
                        "-00:00:00.000001",
                        "1000000:00:00",
                        "-5 days",
                        "-2 mons 3 days",
                        "11 mons",
                        "-25 mons",
                        "-2562047788:00:54.775807",
                        "infinity",
                        "-infinity"),
                type("integer[]", "{}", "{1,NULL,-3}", "{{1,2},{3,4}}", "[0:1]={5,6}"),
                type("text[]", "{\"\",NULL,\"null\",\"a b\",\"q\\\"b\\\\\",\"{x}\",plain,\"c,d\",😀}"),
                type("boolean[]", "{t,f}"),
                type("character(3)[]", "{ab,abc}"),
                type("numeric[]", "{1.10,NaN}"),
                type("timestamptz[]", "{\"2000-01-01 00:00:00+00\"}"),
                type("jsonb[]", "{\"{\\\"a\\\": 1}\"}"),
                type("integer[]", "[2:3][-1:0]={{1,NULL},{3,4}}", "{{{1,2}},{{3,4}}}"),
                type("interval[]", "{1 mon,\"30 days\"}"),
                type("inet[]", "{10.0.0.1,10.0.0.0/8}"),
                type("daterange[]", "{\"[2020-01-01,2020-02-01)\",empty}"),
                type("int4multirange[]", "{\"{[1,2),[4,5)}\",\"{}\"}"),
                type("macaddr[]", "{08:00:2b:01:02:03}"),
                type("bit(3)[]", "{101}"),
                type(
                        "inet",
                        "192.168.0.1",
                        "10.1.2.3/8",
                        "0.0.0.0/0",
                        "::",
                        "::1",
                        "::2",
                        "::1.2.3.4",
                        "::ffff:1.2.3.4/96",
                        "2001:db8::1/64",
                        "2001:db8:0:0:1::",
                        "1:0:0:2:0:0:0:3",
                        "1:0:2:3:4:5:6:7",
                        "fe80::",
                        "0:0:1::/48",
                        "1:2:3:4:5:6:7:8"),
                type("cidr", "10.0.0.0/8", "192.168.0.1", "2001:db8::/32", "::1"),
                type("macaddr", "08:00:2b:01:02:ff"),
                type("macaddr8", "08:00:2b:01:02:03:04:ff"),
                type("bit(10)", "1011001110"),
                type("bit varying", "", "1", "101100111000111101"),
                type("int4range", "empty", "[1,5)", "(,)", "(,5)", "[1,)", "[7,7]"),
                type("int8range", "[-9223372036854775808,0]"),
                type("numrange", "(1.0,1.50]", "[1.10,)"),
                type("tsrange", "[2020-01-01 00:00:00.5,infinity)", "(0044-03-15 12:30:00 BC,2020-01-01)"),
                type("tstzrange", "[2020-01-01 00:00:00+02,2021-01-01 00:00:00+00]"),
                type("daterange", "[2020-01-01,2020-12-31]", "[0044-03-15 BC,)"),
                type("int4multirange", "{}", "{[1,3),[7,9)}", "{(,)}"),
                type("nummultirange", "{(1.0,2.00],[5,)}"),
                type("tstzmultirange", "{[2020-01-01 00:00:00+00,2020-01-02 00:00:00+00)}"));
    }

    private static Arguments type(String name, String... values) {
        return Arguments.of(name, List.of(values));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("awkward_values")
    void text_is_what_the_server_prints(String type, List<String> values) throws Exception {
        String list = values.stream()
                .map(value -> "('" + value.replace("'", "''") + "')")
                .collect(Collectors.joining(", "));
        try (BinaryServer server = new BinaryServer()) {
            String rows = " FROM (VALUES " + list + ") v(v)";
            int oid = server.oid(type);
            List<String> texts = server.binary("SELECT v::" + type + rows).stream()
                    .map(field -> BinaryValues.text(oid, field))
                    .toList();

            assertThat(texts).isEqualTo(server.texts("SELECT v::" + type + "::text" + rows));
        }
    }

    @Test
    void floats_print_as_the_server_prints_them_for_random_bits_and_powers_of_two() throws Exception {
        Random random = new Random(20261122);
        double[] doubles = new double[3_000];
        for (int i = 0; i < doubles.length; i++) {
            double value = i < 1_000 ? Math.scalb(1.0, i - 500) : Double.longBitsToDouble(random.nextLong());
            doubles[i] = i >= 2_500 ? Math.scalb((double) random.nextInt(1_000_000), -random.nextInt(10)) : value;
        }
        float[] floats = new float[2_000];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = i < 250 ? Math.scalb(1.0f, i - 140) : Float.intBitsToFloat(random.nextInt());
        }
        try (BinaryServer server = new BinaryServer()) {
            server.execute("CREATE TEMP TABLE doubles (v float8)");
            server.execute("CREATE TEMP TABLE floats (v float4)");
            server.copyIn(
                    "doubles",
                    Arrays.stream(doubles).mapToObj(BinaryValuesTest::bytes).toList());
            server.copyIn(
                    "floats",
                    Stream.iterate(0, i -> i + 1)
                            .limit(floats.length)
                            .map(i -> ByteBuffer.allocate(4).putFloat(floats[i]).array())
                            .toList());

            assertThat(server.binary("SELECT v FROM doubles").stream().map(v -> BinaryValues.text(701, v)))
                    .isEqualTo(server.texts("SELECT v::text FROM doubles"));
            assertThat(server.binary("SELECT v FROM floats").stream().map(v -> BinaryValues.text(700, v)))
                    .isEqualTo(server.texts("SELECT v::text FROM floats"));
        }
    }

    private static byte[] bytes(double value) {
        return ByteBuffer.allocate(8).putDouble(value).array();
    }

    @Test
    void the_longest_negative_interval_prints_as_the_server_prints_it() throws Exception {
        String query = "SELECT '-2562047788:00:54.775807'::interval - '00:00:00.000001'::interval";
        try (BinaryServer server = new BinaryServer()) {
            assertThat(BinaryValues.text(1186, server.binary(query).get(0)))
                    .isEqualTo(server.texts("SELECT (" + query + ")::text").get(0));
        }
    }

    @Test
    void a_date_key_is_written_as_keys_are_read_even_in_far_years() throws Exception {
        RowShape shape = new RowShape(
                List.of(new RowShape.Column("day", new ColumnType(1082, "date", "date", false))),
                List.of(0),
                new KeyShape(List.of(KeyType.DATE)));
        for (String day : List.of("2024-02-29", "12024-01-01", "0044-03-15 BC")) {
            Key key = shape.keyOf(new Row(new byte[][] {BinaryEncoder.encode(1082, day)}));

            assertThat(shape.key().fromJson(shape.key().toJson(key))).isEqualTo(key);
        }
    }

    @Test
    void types_that_are_not_known_come_out_as_hex() {
        assertThat(BinaryValues.text(999_999, new byte[] {0, (byte) 0xab})).isEqualTo("\\x00ab");
    }

    @Test
    void numerics_are_the_same_when_the_numbers_are_equal() {
        assertThat(same(1700, "1.0", "1.00")).isTrue();
        assertThat(same(1700, "0", "-0.000")).isTrue();
        assertThat(same(1700, "NaN", "NaN")).isTrue();
        assertThat(same(1700, "1.0", "1.01")).isFalse();
        assertThat(same(1700, "NaN", "0")).isFalse();
        assertThat(same(1700, "Infinity", "-Infinity")).isFalse();
        assertThat(same(1700, "1", "-1")).isFalse();
    }

    @Test
    void floats_are_the_same_when_the_server_calls_them_equal() {
        assertThat(same(701, "0", "-0")).isTrue();
        assertThat(same(700, "0", "-0")).isTrue();
        assertThat(BinaryValues.sameValue(701, bytes(Double.NaN), bytes(Double.longBitsToDouble(0xfff8000000000001L))))
                .isTrue();
        assertThat(same(701, "0.1", "0.10000000000000002")).isFalse();
        assertThat(same(700, "NaN", "0")).isFalse();
    }

    @Test
    void jsonb_is_the_same_when_the_documents_are_equal_values_and_json_only_as_text() {
        assertThat(same(3802, "{\"a\": 1.0, \"b\": [1, 2]}", "{\"b\":[1.00,2],\"a\":1}"))
                .isTrue();
        assertThat(same(3802, "1e2", "100")).isTrue();
        assertThat(same(3802, "[1, 2]", "[2, 1]")).isFalse();
        assertThat(same(3802, "1.00000000000000000001", "1.00000000000000000002"))
                .isFalse();
        assertThat(same(3802, "1", "\"1\"")).isFalse();
        assertThat(same(3802, "{\"a\": null}", "{}")).isFalse();
        assertThat(same(114, "{\"a\": 1}", "{\"a\":1}")).isFalse();
    }

    @Test
    void only_blank_padded_text_ignores_trailing_blanks() {
        assertThat(same(1042, "ab", "ab   ")).isTrue();
        assertThat(same(1042, "ab", " ab")).isFalse();
        assertThat(same(25, "ab", "ab ")).isFalse();
        assertThat(BinaryValues.sameValue(
                        25, "é".getBytes(StandardCharsets.UTF_8), "e\u0301".getBytes(StandardCharsets.UTF_8)))
                .isFalse();
    }

    /** Type, then pairs of values, of which the server is told to make bytes. */
    static Stream<Arguments> twins() {
        return Stream.of(
                type("numeric[]", "{1.0,NULL}", "{1.00,NULL}"),
                type("double precision[]", "{0,NaN}", "{-0,NaN}"),
                type("jsonb[]", "{1.0}", "{1.00}"),
                type("character(3)[]", "{a}", "{\"a  \"}"),
                type("numrange", "[1.0,2)", "[1.00,2.0)"),
                type("nummultirange", "{[1.0,2),(3,)}", "{[1.00,2.0),(3.0,)}"),
                type("numrange[]", "{\"[1.0,2)\"}", "{\"[1.00,2)\"}"),
                type("int4range", "[1,4]", "[1,5)"),
                type("timestamptz", "2020-01-01 02:00:00+02", "2020-01-01 00:00:00+00"),
                type("jsonb", "{\"a\": [1, {\"b\": 1e1, \"b\": 2}]}", "{\"a\": [1.0, {\"b\": 2.00}]}"));
    }

    static Stream<Arguments> no_twins() {
        return Stream.of(
                type("text", "1.0", "1.00"),
                type("text", "", " "),
                type("text", "A", "a"),
                type("numeric[]", "{1.0}", "{1.01}"),
                type("numeric[]", "{1.0}", "{1.0,1.0}"),
                type("numeric[]", "{NULL}", "{0}"),
                type("integer[]", "{1,2}", "{2,1}"),
                type("integer[]", "{1,2}", "[0:1]={1,2}"),
                type("integer[]", "{1,2}", "{{1,2}}"),
                type("integer[]", "{}", "{NULL}"),
                type("text[]", "{NULL}", "{\"NULL\"}"),
                type("numrange", "[1.0,2)", "(1.0,2)"),
                type("numrange", "[1.0,2)", "[1.0,)"),
                type("numrange", "empty", "(,)"),
                type("nummultirange", "{[1.0,2)}", "{[1.0,2),[3,4)}"),
                type("interval", "1 mon", "30 days"),
                type("interval", "1 day", "24:00:00"),
                type("interval[]", "{1 mon}", "{30 days}"),
                type("time with time zone", "01:00+00", "03:00+02"),
                type("timestamptz", "2020-01-01 00:00:00.000001+00", "2020-01-01 00:00:00+00"),
                type("date", "0001-01-01", "0001-01-01 BC"),
                type("date", "infinity", "-infinity"),
                type("inet", "10.0.0.1", "10.0.0.1/8"),
                type("bytea", "\\x00", "\\x"),
                type("uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12"),
                type("bit varying", "1", "10"),
                type("json", "[1, 2]", "[1,2]"));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("twins")
    void values_are_the_same_whatever_their_bytes(String type, List<String> pair) throws Exception {
        assertThat(sameOnServer(type, pair)).isTrue();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("no_twins")
    void values_that_are_not_exactly_the_same_differ(String type, List<String> pair) throws Exception {
        assertThat(sameOnServer(type, pair)).isFalse();
    }

    private static boolean sameOnServer(String type, List<String> pair) throws Exception {
        try (BinaryServer server = new BinaryServer()) {
            int oid = server.oid(type);
            byte[] left = server.binary("SELECT '" + pair.get(0) + "'::" + type).get(0);
            byte[] right =
                    server.binary("SELECT '" + pair.get(1) + "'::" + type).get(0);
            boolean same = BinaryValues.sameValue(oid, left, right);

            assertThat(BinaryValues.sameValue(oid, right, left)).isEqualTo(same);
            assertThat(ExactValue.of(oid, left).equals(ExactValue.of(oid, right)))
                    .isEqualTo(same);
            if (Set.of(700, 701, 1042, 1700).contains(oid)) {
                assertThat(Arrays.equals(BinaryValues.canonical(oid, left), BinaryValues.canonical(oid, right)))
                        .isEqualTo(same);
            }
            return same;
        }
    }

    private static boolean same(int oid, String left, String right) {
        return BinaryValues.sameValue(oid, BinaryEncoder.encode(oid, left), BinaryEncoder.encode(oid, right));
    }
}
