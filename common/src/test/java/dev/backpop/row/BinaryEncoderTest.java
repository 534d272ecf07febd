package dev.backpop.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BinaryEncoderTest {
    static Stream<Arguments> values_the_server_reads_alike() {
        return Stream.of(
                type("boolean", "t", "TRUE", "Yes", "on", "1", "f", "False", "NO", "oFF", "0", " tr "),
                type("smallint", "-32768", "+7", " 12 "),
                type("integer", "2147483647", "-0", "007"),
                type("bigint", "-9223372036854775808"),
                type("oid", "4294967295"),
                type("real", "0.1", "-0", "1e10", ".5", "5.", "NaN", "inf", "-Infinity", "3.4028235e38"),
                type("double precision", "0.1", "-0", "1E-300", "nan", "Infinity", "4.9e-324"),
                type(
                        "numeric",
                        "0",
                        "0.00",
                        "1.10",
                        "-1234567890123456789.987654321000",
                        "1e30",
                        "1.5E-7",
                        "10000",
                        "99990000",
                        "0.00010000",
                        "NaN",
                        "Infinity",
                        "-inf",
                        ".5",
                        "5.",
                        "0e5",
                        "-0.0",
                        "1" + "0".repeat(131_071),
                        "0." + "0".repeat(16_382) + "1"),
                type("text", "", "naïve 漢字 😀", "tab\tline\n\u0001", "\\N"),
                type("character varying", "x "),
                type("character(5)", "", "ab"),
                type("json", "{\"a\":  1.10, \"a\": 2}", " [] ", "\"\\u0000\"", "1e400"),
                type("jsonb", "{\"b\": 1.10, \"a\": [true, null, \"😀\"]}", "1.00", "\"\\ud83d\\ude00\""),
                type("uuid", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "{a0eebc999c0b4ef8bb6d6bb9bd380a11}"),
                type("date", "2024-02-29", "0001-12-31 BC", "5874897-12-31", "4713-11-24 BC", "infinity", "-infinity"),
                type("time", "00:00", "23:59:59.999999", "24:00:00", "01:02:03.5"),
                type(
                        "timestamp",
                        "2024-02-29T01:02:03.4",
                        "2024-02-29",
                        "1999-12-31 23:59:59.999999",
                        "0044-03-15 12:30:00 BC",
                        "294276-12-31 23:59:59.999999",
                        "infinity"),
                type(
                        "timestamp with time zone",
                        "2024-02-29T01:02:03.4Z",
                        "2024-02-29 01:02:03+05:30",
                        "2024-02-29 01:02-07",
                        "2024-02-29T01:02:03.123456000-0730",
                        "0044-03-15 12:30:00+00 BC",
                        "-infinity"),
                type("bytea", "\\x", "\\xDEADbeef00"));
    }

    private static Arguments type(String name, String... values) {
        return Arguments.of(name, List.of(values));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("values_the_server_reads_alike")
    void what_is_encoded_arrives_as_the_value_the_server_reads_from_the_text(String type, List<String> values)
            throws Exception {
        try (BinaryServer server = new BinaryServer()) {
            int oid = Integer.parseInt(String.valueOf(
                    server.texts("SELECT '" + type + "'::regtype::oid").get(0)));
            server.execute("CREATE TEMP TABLE received (v " + type + ")");
            server.copyIn(
                    "received",
                    values.stream()
                            .map(value -> BinaryEncoder.encode(oid, value))
                            .toList());

            String list = values.stream()
                    .map(value -> "('" + value.replace("'", "''") + "')")
                    .collect(Collectors.joining(", "));
            assertThat(BinaryEncoder.encodes(oid)).isTrue();
            assertThat(server.texts("SELECT v::text FROM received"))
                    .isEqualTo(server.texts("SELECT v::" + type + "::text FROM (VALUES " + list + ") v(v)"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    16   | maybe                             | 22P02 | 'maybe' is not a boolean (true or false)
                    16   | ~~                                | 22P02 | '' is not a boolean (true or false)
                    21   | 32768                             | 22003 | 32768 is out of range for smallint
                    23   | abc                               | 22P02 | 'abc' is not an integer
                    23   | 1.0                               | 22P02 | '1.0' is not an integer
                    23   | ~~                                | 22P02 | '' is not an integer
                    23   | ١٢                                | 22P02 | '١٢' is not an integer
                    23   | 99999999999                       | 22003 | 99999999999 is out of range for integer
                    20   | 9223372036854775808               | 22003 | 9223372036854775808 is out of range for bigint
                    700  | 1e39                              | 22003 | 1e39 is out of range for real
                    701  | 1e-400                            | 22003 | 1e-400 is out of range for double precision
                    701  | 0x1p3                             | 22P02 | '0x1p3' is not a number
                    701  | 1d                                | 22P02 | '1d' is not a number
                    1700 | 1e131072                          | 22003 | 1e131072 is out of range for numeric
                    1700 | 1e99999999999                     | 22003 | 1e99999999999 is out of range for numeric
                    1700 | 1e-999999999                      | 22003 | 1e-999999999 is out of range for numeric
                    1700 | 1,5                               | 22P02 | '1,5' is not a number
                    114  | {a:1}                             | 22P02 | is not JSON
                    114  | 1 2                               | 22P02 | there is more after its end
                    3802 | ~~                                | 22P02 | it is empty
                    3802 | 1e999999                          | 22003 | 1e999999 is out of range for numeric
                    3802 | "\\u0000"                         | 22021 | the text holds U+0000 at position 1
                    3802 | "\\ud800"                         | 22021 | half a surrogate pair (U+D800)
                    2950 | a0eebc99-9c0b-4ef8-bb6d           | 22P02 | is not a uuid
                    2950 | 1-1-1-1-1                         | 22P02 | '1-1-1-1-1' is not a uuid
                    1082 | 2023-02-29                        | 22008 | '2023-02-29' is not a day of the calendar
                    1082 | 29.02.2024                        | 22P02 | '29.02.2024' is not a date
                    1082 | 0000-01-01                        | 22008 | which PostgreSQL writes as 0001 BC
                    1082 | 6000000-01-01                     | 22008 | is out of range for date
                    1083 | 25:00                             | 22008 | '25:00' is not a time of day
                    1114 | 2024-01-01T00:00:00Z              | 22008 | has an offset from UTC, which timestamp without time zone would drop
                    1114 | 2024-01-01T00:00:00.1234567       | 22008 | more than 6 digits
                    1114 | 294277-01-01                      | 22008 | out of range for timestamp without time zone
                    1184 | 2024-01-01T00:00:00               | 22008 | has no offset from UTC, and none is assumed
                    1184 | 2024-01-01                        | 22008 | has no offset from UTC
                    1184 | 2024-01-01T00:00:00+17:00         | 22008 | has an offset from UTC that no place has
                    1184 | 2024-01-01T00:00:00.0000001Z      | 22008 | more than 6 digits
                    1184 | yesterday                         | 22P02 | 'yesterday' is not a timestamp
                    17   | deadbeef                          | 22P02 | is not bytea
                    17   | \\xabc                            | 22P02 | is not bytea
                    """)
    void what_cannot_be_encoded_is_refused_with_the_reason(int oid, String text, String sqlState, String message) {
        assertThatThrownBy(() -> BinaryEncoder.encode(oid, text))
                .isInstanceOfSatisfying(
                        UnencodableValueException.class,
                        e -> assertThat(e.sqlState()).isEqualTo(sqlState))
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(ints = {25, 1042, 1043})
    void text_that_postgresql_cannot_store_is_refused(int oid) {
        assertThatThrownBy(() -> BinaryEncoder.encode(oid, "ab\u0000c"))
                .hasMessage("the text holds U+0000 at position 3, which PostgreSQL cannot store");
        assertThatThrownBy(() -> BinaryEncoder.encode(oid, "\ud83d!")).hasMessageContaining("half a surrogate pair");
        assertThatThrownBy(() -> BinaryEncoder.encode(oid, "\ude00")).hasMessageContaining("half a surrogate pair");
    }

    @Test
    void types_that_are_not_encoded_are_refused() {
        assertThat(BinaryEncoder.encodes(1186)).isFalse();
        assertThatThrownBy(() -> BinaryEncoder.encode(1186, "1 day")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "1346469006.0, 2012-09-01 03:10:06+00",
        "1346469006, 2012-09-01 03:10:06+00",
        "1.346469006e9, 2012-09-01 03:10:06+00",
        "0, 1970-01-01 00:00:00+00",
        "-0.000001, 1969-12-31 23:59:59.999999+00",
        "1346469006.1234560000, 2012-09-01 03:10:06.123456+00",
        "9007199254.740993, 2255-06-05 23:47:34.740993+00"
    })
    void epoch_seconds_are_exact_to_the_microsecond(String seconds, String text) {
        assertThat(BinaryValues.text(1184, BinaryEncoder.encodeEpochSeconds(seconds)))
                .isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "False, 'False' is not a number of seconds since 1970",
                "~~, '' is not a number",
                "1.0000001, more than 6 digits",
                "1e999999999, out of range",
                "1e-999999999, more than 6 digits",
                "1346469006000000, out of range"
            })
    void epoch_seconds_that_are_not_are_refused(String seconds, String message) {
        assertThatThrownBy(() -> BinaryEncoder.encodeEpochSeconds(seconds))
                .isInstanceOf(UnencodableValueException.class)
                .hasMessageContaining(message);
    }
}
