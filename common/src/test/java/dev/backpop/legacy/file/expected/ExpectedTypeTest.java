package dev.backpop.legacy.file.expected;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.row.BinaryEncoder;
import dev.backpop.row.BinaryValues;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The two readings of a value against each other, and the second against what the rules say. */
class ExpectedTypeTest {
    private static final String REFUSED = "refused";

    /** Of every type, values and what looks like values: each is read as every type. */
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "0",
            "-0",
            "+0",
            "00",
            "007",
            "-007",
            "1",
            "12 ",
            " 12",
            "\u2003 12",
            "1_000",
            "1,000",
            "1.",
            ".5",
            ".",
            "-.5",
            "1.0",
            "1.50",
            "0.00",
            "-0.00",
            "1e3",
            "1E+3",
            "1e",
            "1e+",
            "1e-",
            "e5",
            "1 e5",
            "1e5.0",
            "1e400",
            "-1e400",
            "1e-400",
            "1e-5",
            "1.5E-7",
            "1e39",
            "3.4028235e38",
            "3.4028236e38",
            "1.4e-45",
            "0.7e-45",
            "4.9e-324",
            "2.4e-324",
            "0e400",
            "-0e400",
            "0e99999999999",
            "1e99999999999",
            "1e-99999999999",
            "1e2147483647",
            "1e-16383",
            "0.10e-16382",
            "1e-16384",
            "0e-16384",
            "1e20000",
            "10e-16384",
            "0e5",
            "99990000",
            "12345.678",
            "100000000",
            "0x10",
            "1d",
            "1f",
            "0.1",
            "0.30000000000000004",
            "9007199254740993",
            "16777217",
            "123456789012345678901234567890.123456789",
            "32767",
            "32768",
            "-32768",
            "-32769",
            "2147483647",
            "2147483648",
            "-2147483648",
            "-2147483649",
            "4294967295",
            "4294967296",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "-9223372036854775809",
            "000000000000000000000000000000000012",
            "١٢",
            "１２",
            "NaN",
            "nan",
            "-NaN",
            "+nan",
            "Infinity",
            "infinity",
            "-INFINITY",
            "+infinity",
            "inf",
            "-inf",
            "+Inf",
            "t",
            "T",
            "tr",
            "TRUE",
            "true ",
            "truee",
            "yes",
            "Y",
            "on",
            "o",
            "of",
            "off",
            "no",
            "n",
            "f",
            "False",
            "fals",
            "ye\u017F",
            "2",
            "a\u0000b",
            "\ud800",
            "\udc00x",
            "x\ud83d",
            "\ud83d\ude00",
            "naïve 漢字",
            "\uFEFF",
            "\uFFFF",
            "tab\tline\n\u0001",
            "\\N",
            "null",
            "NULL",
            "\\x",
            "\\x0",
            "\\x00ff",
            "\\xDEADbeef",
            "\\xzz",
            "\\XFF",
            " \\xff",
            "\\xff ",
            "\\x０0",
            "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
            "{a0eebc999c0b4ef8bb6d6bb9bd380a11}",
            "a0eebc99-9c0b4ef8-bb6d6bb9bd380a11",
            "a0eebc99--9c0b-4ef8-bb6d-6bb9bd380a11",
            "-a0eebc999c0b4ef8bb6d6bb9bd380a11",
            "a0eebc999c0b4ef8bb6d6bb9bd380a11-",
            "a0ee-bc999c0b4ef8bb6d6bb9bd380a11",
            "{a0eebc999c0b4ef8bb6d6bb9bd380a11",
            "a0eebc999c0b4ef8bb6d6bb9bd380a1",
            "a0eebc999c0b4ef8bb6d6bb9bd380a111",
            "{}",
            "{",
            "g0eebc999c0b4ef8bb6d6bb9bd380a11",
            "2024-02-29",
            "2023-02-29",
            "1900-02-29",
            "2000-02-29",
            "24-02-29",
            "2024-2-9",
            "02024-02-29",
            "+2024-02-29",
            "-2024-02-29",
            "2024-02-30",
            "2024-13-01",
            "2024-00-10",
            "0000-01-01",
            "0001-01-01",
            "0001-01-01 BC",
            "0044-03-15 BC",
            "0044-03-15 bc",
            "0044-03-15BC",
            "0044-03-15 AD",
            "4714-11-24 BC",
            "4713-01-01 BC",
            "4714-11-23 BC",
            "9999-12-31",
            "10000-01-01",
            "294276-12-31",
            "294277-01-01",
            "5874897-12-31",
            "5874898-01-01",
            "9999999-12-31",
            "10000000-01-01",
            "1582-10-10",
            "20240229",
            "29.02.2024",
            "2024-02-29 10:00",
            "2024-02-29T10:00",
            "2024-02-29t10:00:00",
            "2024-02-29  10:00",
            "2024-02-29T10",
            "2024-02-29T10:00:60",
            "2024-02-29T23:59:60Z",
            "2024-02-29T24:00:00",
            "2024-02-29T24:00:00Z",
            "2024-02-29T10:00Z",
            "2024-02-29T10:00z",
            "2024-02-29T10:00 Z",
            "2024-02-29T10:00  Z",
            "2024-02-29T10:00:00+02",
            "2024-02-29T10:00:00+2",
            "2024-02-29T10:00:00+0230",
            "2024-02-29T10:00:00+02:30",
            "2024-02-29T10:00:00-02:30:15",
            "2024-02-29T10:00:00-023015",
            "2024-02-29T10:00:00+02:3015",
            "2024-02-29T10:00:00+0230:15",
            "2024-02-29T10:00:00+15:59:59",
            "2024-02-29T10:00:00+16",
            "2024-02-29T10:00:00-16:00",
            "2024-02-29T10:00:00+99:99",
            "2024-02-29T10:00:00+02:60",
            "2024-02-29T10:00:00+02:",
            "2024-02-29T10:00:00+",
            "2024-02-29T10:00:00+02:30:15:00",
            "2024-02-29T10:00:00 Europe/Vienna",
            "2024-02-29T10:00:00[UTC]",
            "2024-02-29Z",
            "2024-02-29+02",
            "2024-03-31T02:30:00Z",
            "2024-03-31 02:30:00",
            "2024-02-29T10:00:00.1",
            "2024-02-29T10:00:00.123456Z",
            "2024-02-29T10:00:00.1234567Z",
            "2024-02-29T10:00:00.123456000000000Z",
            "2024-02-29T10:00:00.0000000000001",
            "2024-02-29T10:00:00.000000000000",
            "2024-02-29T10:00:00.",
            "2024-02-29T10:00:00.Z",
            "2024-02-29T10:00:00,5Z",
            "2024-02-29T10:00.5",
            "2024-02-29T10:00:00.5 BC",
            "0044-03-15 12:30:00+00 BC",
            "0044-03-15 12:30:00 BC",
            "0001-12-31 23:59:59.999999-01 BC",
            "4714-11-24 00:00:00 BC",
            "4714-11-24 00:00:00+00 BC",
            "4714-11-24 00:00:00+01 BC",
            "4714-11-23 23:59:59-01 BC",
            "4714-11-23 23:59:59 BC",
            "294276-12-31 23:59:59.999999",
            "294276-12-31T23:59:59.999999Z",
            "294276-12-31T23:59:59Z",
            "294276-12-31T23:59:59-01",
            "294277-01-01T00:30:00+01",
            "294277-01-01T00:00:00",
            "1969-12-31 23:59:59.999999",
            "1999-12-31T23:59:59.999999Z",
            "infinity BC",
            "epoch",
            "now",
            "today",
            "00:00",
            "23:59",
            "23:59:59.999999",
            "24:00",
            "24:00:00.000",
            "24:00:00.001",
            "24:01",
            "24:00:60",
            "25:00",
            "10:60",
            "10:00:60",
            "1:00",
            "10:00:00.1234567",
            "10:00:00Z",
            "10:00 BC",
            "-10:00",
            "1346469006.0",
            "1346469006",
            "1346469006.123456",
            "1346469006.1234567",
            "-1.5",
            "-0.000001",
            "9224318015999.999999",
            "9224318016000",
            "-210866803200",
            "-210866803200.000001",
            "1e12",
            "1.5e-6",
            "1e-7",
            "1e999999999",
            "1e-999999999",
            "0e999999999",
            "99999999999999999999",
            "False",
            "{}",
            "[]",
            "{\"a\":1}",
            "{\"a\":1,\"a\":\"\\u0000\"}",
            "{\"b\": 1.10, \"a\": [true, null, \"😀\"]}",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "{\"\\ud800\":1}",
            "\"\\ud83d\\ude00\"",
            "[1e400]",
            "[1e131072]",
            "[1e-16384]",
            "[0e-16384]",
            "[1e99999999999]",
            "[01]",
            "[1.]",
            "[.5]",
            "[NaN]",
            "{a:1}",
            "{'a':1}",
            "[1,]",
            "[1 2]",
            "1 2",
            "{} {}",
            "[1] x",
            "\"abc",
            "abc",
            "true",
            "tru",
            "/* c */ 1",
            "\"a\u0001\"",
            " [ ] ",
            "\t1\n",
            "[".repeat(999) + "]".repeat(999),
            "[".repeat(1001) + "]".repeat(1001),
            "1" + "0".repeat(2_000),
            "0." + "0".repeat(2_000) + "1");

    private static String read(ExpectedType type, String text) {
        try {
            return HexFormat.of().formatHex(type.read(text));
        } catch (IllegalArgumentException e) {
            return REFUSED;
        }
    }

    private static String written(ExpectedType type, String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            type == ExpectedType.EPOCH_SECONDS
                                    ? BinaryEncoder.encodeEpochSeconds(text)
                                    : BinaryEncoder.encode(type.oid(), text));
        } catch (IllegalArgumentException e) {
            return REFUSED;
        }
    }

    @Test
    void it_reads_exactly_the_types_that_are_written() {
        List<Integer> read = EnumSet.complementOf(EnumSet.of(ExpectedType.EPOCH_SECONDS)).stream()
                .map(ExpectedType::oid)
                .sorted()
                .toList();

        assertThat(read)
                .isEqualTo(IntStream.range(0, 10_000)
                        .filter(BinaryEncoder::encodes)
                        .boxed()
                        .toList());
        assertThatThrownBy(() -> ExpectedType.ofOid(1186)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ExpectedType.ofOid(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource
    void edge_values_are_read_as_they_are_written(ExpectedType type) {
        for (String text : TEXTS) {
            assertThat(read(type, text)).as("'%s' as %s", text, type).isEqualTo(written(type, text));
        }
    }

    @ParameterizedTest
    @EnumSource
    void values_with_characters_changed_at_random_are_read_as_they_are_written(ExpectedType type) {
        Random random = new Random(type.oid());
        List<String> good = TEXTS.stream()
                .filter(text -> text.length() < 200 && !written(type, text).equals(REFUSED))
                .toList();
        String alphabet = "0123456789+-.:eE TtZzBC{}\"[],xNaf\\ \u2003é";
        int accepted = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(good.get(random.nextInt(good.size())));
            for (int edits = 1 + random.nextInt(2); edits > 0; edits--) {
                int at = random.nextInt(text.length() + 1);
                char character = alphabet.charAt(random.nextInt(alphabet.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.insert(at, character);
                    case 1 -> text.replace(at, Math.min(text.length(), at + 1), "");
                    default -> text.replace(at, Math.min(text.length(), at + 1), String.valueOf(character));
                }
            }
            String written = written(type, text.toString());
            accepted += written.equals(REFUSED) ? 0 : 1;
            assertThat(read(type, text.toString())).as("'%s' as %s", text, type).isEqualTo(written);
        }
        assertThat(accepted).isGreaterThan(500);
    }

    @Test
    void random_numbers_and_moments_are_read_as_they_are_written() {
        Random random = new Random(5);
        for (int i = 0; i < 50_000; i++) {
            String real = Float.toString(Float.intBitsToFloat(random.nextInt()));
            String number = Double.toString(Double.longBitsToDouble(random.nextLong()));
            String seconds = random.nextLong(-300_000_000_000L, 9_300_000_000_000L) + "." + random.nextInt(1_000_000);
            String moment = String.format(
                    Locale.ROOT,
                    "%04d-%02d-%02d %02d:%02d:%02d.%06d%+03d:%02d%s",
                    random.nextInt(1, 4_800),
                    random.nextInt(1, 13),
                    random.nextInt(1, 32),
                    random.nextInt(24),
                    random.nextInt(60),
                    random.nextInt(60),
                    random.nextInt(1_000_000),
                    random.nextInt(-15, 16),
                    random.nextInt(60),
                    random.nextBoolean() ? " BC" : "");
            same(ExpectedType.REAL, real);
            same(ExpectedType.REAL, number);
            same(ExpectedType.DOUBLE, number);
            same(ExpectedType.NUMERIC, number);
            same(ExpectedType.EPOCH_SECONDS, seconds);
            same(ExpectedType.TIMESTAMPTZ, moment);
        }
    }

    private static void same(ExpectedType type, String text) {
        assertThat(read(type, text)).as("'%s' as %s", text, type).isEqualTo(written(type, text));
    }

    /** Written down from the rules, so that a mistake that both readings made would show. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    BOOLEAN       | YES                          | true
                    SMALLINT      | -007                         | -7
                    OID           | 4294967295                   | 4294967295
                    REAL          | -0                           | -0
                    DOUBLE        | 9007199254740993             | 9.007199254740992e+15
                    NUMERIC       | 1.50e3                       | 1500
                    NUMERIC       | 1.50                         | 1.50
                    NUMERIC       | -0.00                        | 0.00
                    NUMERIC       | 99990000.0001                | 99990000.0001
                    NUMERIC       | NaN                          | NaN
                    NUMERIC       | -inf                         | -Infinity
                    UUID          | {A0EEBC999C0B4EF8BB6D6BB9BD380A11} | a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11
                    BYTEA         | \\xDEAD                      | \\xdead
                    DATE          | 0044-03-15 BC                | 0044-03-15 BC
                    DATE          | -infinity                    | -infinity
                    TIME          | 24:00                        | 24:00:00
                    TIMESTAMP     | 2024-02-29                   | 2024-02-29 00:00:00
                    TIMESTAMP     | 1999-12-31T23:59:59.999999000| 1999-12-31 23:59:59.999999
                    TIMESTAMPTZ   | 2024-03-31T02:30:00-01:30:15 | 2024-03-31 04:00:15+00
                    TIMESTAMPTZ   | 0001-01-01 00:30+01          | 0001-12-31 23:30:00+00 BC
                    JSON          | ~{"a": 1.10}~                | ~{"a": 1.10}~
                    JSONB         | ~{"a": 1.10}~                | ~{"a": 1.10}~
                    """)
    void values_are_what_the_rules_say(ExpectedType type, String text, String value) {
        assertThat(BinaryValues.text(type.oid(), type.read(text))).isEqualTo(value);
    }

    @Test
    void seconds_since_1970_are_exact() {
        List<String> moments = new ArrayList<>();
        for (String text : List.of("1346469006.0", "-0.000001", "1.5e-5", "0e999999999")) {
            moments.add(BinaryValues.text(1184, ExpectedType.EPOCH_SECONDS.read(text)));
        }

        assertThat(moments)
                .containsExactly(
                        "2012-09-01 03:10:06+00",
                        "1969-12-31 23:59:59.999999+00",
                        "1970-01-01 00:00:00.000015+00",
                        "1970-01-01 00:00:00+00");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    INTEGER       | 1.0                     | is no integer
                    SMALLINT      | 32768                   | is beyond what an integer of its column can hold
                    REAL          | 1e39                    | is beyond what a real can hold
                    DOUBLE        | 1e-400                  | is beyond what a double precision can hold
                    NUMERIC       | 1e131072                | is beyond what a numeric can hold
                    BOOLEAN       | maybe                   | is neither true nor false
                    DATE          | 2023-02-29              | is no date or time
                    TIME          | 23:59:60                | is no date or time
                    TIMESTAMP     | 2024-01-01T24:00:00     | is no date or time
                    TIMESTAMP     | 2024-01-01T00:00:00Z    | has an offset, which its column drops
                    TIMESTAMPTZ   | 2024-01-01T00:00:00     | does not say its offset from UTC
                    TIMESTAMPTZ   | 2024-01-01T00:00:00.0000001Z | is finer than a microsecond
                    EPOCH_SECONDS | 1346469006.1234567      | is finer than a microsecond
                    EPOCH_SECONDS | 1e999999999             | is a time that PostgreSQL does not know
                    JSONB         | 1 2                     | is more than one JSON value
                    """)
    void what_is_no_value_is_refused_with_the_reason(ExpectedType type, String text, String message) {
        assertThatThrownBy(() -> type.read(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "' " + message);
    }
}
