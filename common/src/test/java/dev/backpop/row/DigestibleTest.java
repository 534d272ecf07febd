package dev.backpop.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DigestibleTest {
    @Test
    void every_digestible_type_has_an_extended_hash_of_its_own_equality() throws Exception {
        try (BinaryServer server = new BinaryServer()) {
            List<Integer> digestible = server
                    .texts("SELECT oid::text FROM pg_type WHERE oid < 16384 AND typtype IN ('b', 'r', 'm', 'p', 'e')")
                    .stream()
                    .map(oid -> Integer.parseInt(String.valueOf(oid)))
                    .filter(Digestible::isDigestible)
                    .toList();
            String oids = digestible.stream().map(String::valueOf).collect(Collectors.joining(", "));

            // A range hashes by anyrange, varchar by text; the second procedure of a hash family is the extended one.
            assertThat(server.texts("SELECT t.oid::text FROM pg_type t WHERE t.oid IN (" + oids + ") AND EXISTS ("
                            + "SELECT FROM pg_opclass c JOIN pg_am am ON am.oid = c.opcmethod AND am.amname = 'hash'"
                            + " JOIN pg_amproc p ON p.amprocfamily = c.opcfamily AND p.amprocnum = 2"
                            + " AND p.amproclefttype = c.opcintype"
                            + " JOIN pg_amop o ON o.amopfamily = c.opcfamily AND o.amopstrategy = 1"
                            + " AND o.amoplefttype = c.opcintype AND o.amoprighttype = c.opcintype"
                            + " WHERE c.opcdefault AND c.opcintype = CASE t.typtype WHEN 'r' THEN 'anyrange'::regtype"
                            + " WHEN 'm' THEN 'anymultirange'::regtype"
                            + " ELSE CASE t.oid WHEN 1043 THEN 25 WHEN 650 THEN 869 ELSE t.oid END END)"
                            + " ORDER BY t.oid"))
                    .containsExactlyElementsOf(
                            digestible.stream().sorted().map(String::valueOf).toList());
            assertThat(digestible).hasSizeGreaterThan(20);
        }
    }

    static Stream<Arguments> nearly_equal() {
        return Stream.of(
                Arguments.of("boolean", List.of("true", "false")),
                Arguments.of("bytea", List.of("", "\\x00", "\\x0000")),
                Arguments.of("integer", List.of("0", "1", "-1", "2147483647", "-2147483648")),
                Arguments.of("smallint", List.of("0", "1", "-1", "32767", "-32768")),
                Arguments.of("text", List.of("", " ", "a", "A", "a ", "é", "e\u0301")),
                Arguments.of("character(3)", List.of("a", " a", "b")),
                Arguments.of("real", List.of("0", "-0", "NaN", "Infinity", "-Infinity", "0.1", "-0.1")),
                Arguments.of("double precision", List.of("0", "-0", "NaN", "Infinity", "-Infinity", "0.1", "-0.1")),
                Arguments.of("date", List.of("0001-01-01", "0001-01-01 BC", "infinity", "-infinity")),
                Arguments.of("time", List.of("00:00", "24:00", "00:00:00.000001")),
                Arguments.of("timetz", List.of("01:00+00", "03:00+02", "02:00+01", "01:00+01")),
                Arguments.of("timestamp", List.of("2020-01-01", "2020-01-01 00:00:00.000001", "infinity")),
                Arguments.of("timestamptz", List.of("2020-01-01 00:00+00", "2020-01-01 02:00+02", "-infinity")),
                Arguments.of("inet", List.of("10.0.0.1", "10.0.0.1/8", "::10.0.0.1", "::")),
                Arguments.of("int4range", List.of("empty", "(,)", "[1,)", "(,1)", "[1,5)", "[1,4]", "[5,6)")),
                Arguments.of("daterange", List.of("[2020-01-01,)", "(,2020-01-01)", "empty", "(2020-01-01,)")),
                Arguments.of("int4multirange", List.of("{}", "{[1,2)}", "{[1,2),[3,4)}", "{(,)}")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nearly_equal")
    void values_with_one_hash_are_the_same(String type, List<String> values) throws Exception {
        try (BinaryServer server = new BinaryServer()) {
            int oid = server.oid(type);
            assertThat(Digestible.isDigestible(oid)).isTrue();
            for (String left : values) {
                for (String right : values) {
                    byte[] one = server.binary("SELECT '" + left + "'::" + type).get(0);
                    byte[] other =
                            server.binary("SELECT '" + right + "'::" + type).get(0);

                    assertThat(hash(server, left, type).equals(hash(server, right, type)))
                            .as(left + " and " + right)
                            .isEqualTo(BinaryValues.sameValue(oid, one, other));
                }
            }
        }
    }

    static Stream<Arguments> nearly_equal_in_sql() {
        return Stream.concat(
                nearly_equal(),
                Stream.of(
                        Arguments.of(
                                "numeric",
                                List.of(
                                        "0",
                                        "-0.0",
                                        "1.0",
                                        "1.00",
                                        "1",
                                        "-1",
                                        "NaN",
                                        "Infinity",
                                        "-Infinity",
                                        "10000")),
                        Arguments.of("bigint", List.of("0", "-1", "4294967295", "4294967297", "1")),
                        Arguments.of("interval", List.of("1 mon", "30 days", "720:00:00")),
                        Arguments.of(
                                "integer[]", List.of("{1,2}", "{2,1}", "{{1},{2}}", "[0:1]={1,2}", "{}", "{NULL}")),
                        Arguments.of("jsonb", List.of("[[1],2]", "[[1,2]]", "{}", "[]", "null", "1", "\"1\"")),
                        Arguments.of("int8range", List.of("[-1,0)", "[4294967295,4294967296)", "empty")),
                        Arguments.of("numrange", List.of("[1.0,2)", "[-1.0,2)", "(1.0,2)", "[1.0,)")),
                        Arguments.of("bit varying", List.of("", "1", "10"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nearly_equal_in_sql")
    void sql_gives_every_type_a_hash_by_which_values_are_the_same(String type, List<String> values) throws Exception {
        try (BinaryServer server = new BinaryServer()) {
            int oid = server.oid(type);
            for (String left : values) {
                for (String right : values) {
                    byte[] one = server.binary("SELECT '" + left + "'::" + type).get(0);
                    byte[] other =
                            server.binary("SELECT '" + right + "'::" + type).get(0);

                    assertThat(sqlHash(server, oid, left, type).equals(sqlHash(server, oid, right, type)))
                            .as(left + " and " + right)
                            .isEqualTo(BinaryValues.sameValue(oid, one, other));
                }
            }
        }
    }

    private static String sqlHash(BinaryServer server, int oid, String value, String type) throws Exception {
        String sql = Digestible.sql(oid, "'" + value + "'::" + type);
        return String.valueOf(server.texts("SELECT hash_record_extended(ROW(" + sql + "), 7)::text")
                .get(0));
    }

    /** Why these are cast to text: the hash, or the equality, leaves something out. */
    @ParameterizedTest(name = "{0}: {1} and {2}")
    @MethodSource
    void types_whose_hash_leaves_something_out_are_not_digestible(String type, String left, String right)
            throws Exception {
        try (BinaryServer server = new BinaryServer()) {
            int oid = server.oid(type);
            byte[] one = server.binary("SELECT '" + left + "'::" + type).get(0);
            byte[] other = server.binary("SELECT '" + right + "'::" + type).get(0);

            assertThat(Digestible.isDigestible(oid)).isFalse();
            assertThat(BinaryValues.sameValue(oid, one, other)).isFalse();
            assertThat(hash(server, left, type)).isEqualTo(hash(server, right, type));
            assertThat(BinaryValues.text(oid, one)).isNotEqualTo(BinaryValues.text(oid, other));
        }
    }

    static Stream<Arguments> types_whose_hash_leaves_something_out_are_not_digestible() {
        return Stream.of(
                Arguments.of("numeric", "1", "-1"),
                Arguments.of("numrange", "[-1.0,1]", "[1.0,1.0]"),
                Arguments.of("bigint", "-1", "4294967295"),
                Arguments.of("interval", "1 mon", "30 days"),
                Arguments.of("interval[]", "{1 day}", "{24:00:00}"),
                Arguments.of("integer[]", "{1,2}", "{{1},{2}}"),
                Arguments.of("integer[]", "{1,2}", "[0:1]={1,2}"),
                Arguments.of("jsonb", "[[1],2]", "[[1,2]]"),
                Arguments.of("jsonb", "{\"a\": {\"b\": 1}}", "{\"a\": {}, \"b\": 1}"));
    }

    private static String hash(BinaryServer server, String value, String type) throws Exception {
        return String.valueOf(server.texts("SELECT hash_record_extended(ROW('" + value + "'::" + type + "), 7)::text")
                .get(0));
    }
}
