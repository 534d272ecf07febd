package dev.backpop.compare;

import static dev.backpop.compare.ComparedValues.cause;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CausesTest {
    @ParameterizedTest(name = "{0}: {1} became {2}: {3}")
    @CsvSource(
            delimiter = '|',
            nullValues = "NULL",
            value = {
                "boolean | true | false | inverted",
                "integer | 5 | -5 | sign",
                "numeric | 1.25 | -1.250 | sign",
                "numeric | 1.25 | -1.26 | NULL",
                "numeric | 1.255 | 1.26 | rounded",
                "numeric | 1.245 | 1.24 | rounded",
                "numeric | 1.249 | 1.24 | decimals cut off",
                "numeric | -1.9 | -1 | decimals cut off",
                "numeric | 1.241 | 1.25 | NULL",
                "numeric | 1.24 | 1.3 | NULL",
                "double precision | 0.1 | 0.10000000149011612 | rounded to single precision",
                "double precision | 1e300 | 2e300 | NULL",
                "numeric | 12.5 | 1250 | factor 100",
                "bigint | 1500000000 | 1500000 | factor 0.001",
                "bigint | 1500000000 | 1500001 | NULL",
                "integer | 0 | 1 | off by 1",
                "bigint | 7 | 4 | off by 3",
                "bigint | 1000 | 1011 | NULL",
                "numeric | NaN | 1 | NULL",
                "numeric | 1 | Infinity | NULL",
                "timestamptz | 2020-01-01 00:00:00+00 | 2020-01-01 00:00:01+00 | off by 1 s",
                "timestamptz | 2020-01-01 00:00:00+00 | 2019-12-31 23:59:59+00 | off by 1 s",
                "timestamptz | 2020-01-01 00:00:00+00 | 2020-01-01 00:14:59+00 | off by 899 s",
                "timestamptz | 2020-01-01 00:00:00+00 | 2020-01-01 00:20:01+00 | NULL",
                "timestamptz | 2020-01-01 00:00:00+00 | 2020-01-01 02:00:00+00 | whole hours apart, as of a time zone: +2 h",
                "timestamp | 2020-01-01 12:00:00.5 | 2020-01-01 04:00:00.5 | whole hours apart, as of a time zone: -8 h",
                "timestamp | 2020-01-01 00:00:00 | 2020-01-01 05:30:00 | quarter hours apart, as of a time zone: +5:30 h",
                "timestamp | 2020-01-01 00:00:00 | 2020-01-01 14:15:00 | NULL",
                "timestamp | 2020-01-01 00:00:00 | 2020-01-01 02:00:00.000001 | NULL",
                "timestamp | 2020-01-01 01:02:03.123456 | 2020-01-01 01:02:03 | sub-second part lost",
                "timestamp | 1999-12-31 01:02:03.123456 | 1999-12-31 01:02:03 | sub-second part lost",
                "timestamp | 2020-01-01 01:02:03.5 | 2020-01-01 01:02:04 | rounded to the second",
                "timestamp | 2020-01-01 01:02:03.123956 | 2020-01-01 01:02:03.123 | sub-millisecond part lost",
                "timestamp | 2020-01-01 01:02:03.123956 | 2020-01-01 01:02:03.124 | rounded to the millisecond",
                "timestamp | 2020-01-01 01:02:03.123456 | 2020-01-01 01:02:03.124 | NULL",
                "timestamp | 2020-01-01 01:02:03 | 2020-01-01 01:02:03.25 | off by 250 ms",
                "timestamp | 2020-01-01 15:02:03 | 2020-01-01 | time of day lost",
                "timestamp | 2020-01-01 15:02:03 | 2020-01-01 00:00:01 | NULL",
                "date | 2020-02-28 | 2020-02-29 | off by 1 day",
                "date | 2020-01-01 | 2020-01-31 | off by 30 days",
                "date | 2020-01-01 | 2021-01-01 | NULL",
                "date | infinity | 2020-01-01 | NULL",
                "timestamp | 4713-01-01 00:00:00 BC | 294276-01-01 00:00:00 | NULL",
                "timetz | 01:00+00 | 03:00+02 | 'same instant, spelled differently'",
                "timetz | 01:00+00 | 01:00+02 | whole hours apart, as of a time zone: -2 h",
                "json | [1, 2] | [1,2] | 'same JSON, spelled differently'",
                "jsonb | [1, 2] | [2, 1] | order",
                "jsonb | [1, 1, 2] | [1, 2] | repetition",
                "jsonb | {\"a\": \"x\"} | {\"a\": \"X\"} | case",
                "jsonb | {\"a\": 1} | {\"a\": 3} | NULL",
                "integer[] | {1,2} | {2,1} | order",
                "integer[] | {2,1,1} | {2,1} | repetition",
                "integer[] | {2,1,1} | {1,2} | order and repetition",
                "integer[] | {1,2} | {1,3} | NULL",
                "integer[] | {1,2} | [0:1]={1,2} | NULL",
                "bytea | \\x0102 | \\x01 | truncated to 1 bytes",
                "bytea | \\x0102 | \\x02 | NULL",
                "interval | 1 mon | 30 days | NULL",
                "integer | 1 | NULL | value lost (NULL)",
                "integer | NULL | 1 | NULL became a value",
                "text | NULL | x | NULL became a value"
            })
    void causes_of_values(String type, @Nullable String legacy, @Nullable String target, @Nullable String cause)
            throws Exception {
        assertThat(cause(type, legacy, target)).isEqualTo(cause);
    }

    @Test
    void causes_of_null_and_empty_and_blank_texts() throws Exception {
        assertThat(cause("text", "", null)).isEqualTo("NULL for an empty text");
        assertThat(cause("text", null, "")).isEqualTo("empty text for NULL");
        assertThat(cause("text", " \u00a0", null)).isEqualTo("NULL for blank");
        assertThat(cause("text", null, "\t")).isEqualTo("blank for NULL");
        assertThat(cause("text", "x", null)).isEqualTo("value lost (NULL)");
        assertThat(cause("text", "", " ")).isEqualTo("leading or trailing white space");
    }

    private static void text(@Nullable String cause, String legacy, String target) {
        assertThat(TextCauses.find(legacy, target)).as(legacy + " → " + target).isEqualTo(cause);
    }

    @Test
    void causes_of_texts() {
        text("case", "Straße", "STRASSE");
        text("case", "Ünder", "ünder");
        text("leading or trailing white space", "a b", "a b ");
        text("leading or trailing white space", "\u00a0a", "a");
        text("white space", "a b", "a  b");
        text("white space", "a\u00a0b", "a b");
        text("line endings", "a\r\nb\rc", "a\nb\nc");
        text("HTML escaping", "Tom & Jerry's", "Tom &amp; Jerry&#39;s");
        text("HTML escaping", "a &lt; b", "a < b");
        text("HTML escaping", "&amp;lt;", "<");
        text("HTML escaping", "&#x1F600;&nbsp;", "😀\u00a0");
        text("Unicode normalization", "é", "e\u0301");
        text("Unicode normalization", "ﬁn", "fin");
        text("NUL characters", "a\\u0000b", "ab");
        text("NUL characters", "a\0b", "ab");
        text("invisible characters", "a\u200bb\ufeff", "ab");
        text("invisible characters", "soft\u00adware", "software");
        text("truncated to 3 characters", "😀bcd", "😀bc");
        text("wrong character encoding", "é", "Ã©");
        text("wrong character encoding", "“x”", "â€œxâ€\u009d");
        text("wrong character encoding", "Ã©", "é");
        text(
                "wrong character encoding",
                "é",
                new String("Ã©".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        text("replacement characters", "naïve", "na?ve");
        text("replacement characters", "naïve 😀", "na\ufffdve \ufffd");
        text("replacement characters", "naïve", "na??ve");
        text("quotation marks", "“it’s”", "\"it's\"");
        text("same number, spelled differently", "1.0", "1.00");
        text("same JSON, spelled differently", "{\"a\": 1}", "{\"a\":1}");
        text("same instant, spelled differently", "2020-01-01T00:00:00Z", "2020-01-01 00:00:00+00");
        text("off by 1 s", "2020-01-01T00:00:00Z", "2020-01-01T00:00:01Z");
    }

    @Test
    void causes_combine_where_one_alone_is_not_enough() {
        text("white space and case", "A B", "a  b");
        text("HTML escaping and case", "A & B", "a &amp; b");
        text("HTML escaping, white space and case", "A & B", "a  &amp; b");
        text("leading or trailing white space and Unicode normalization", "é ", "e\u0301");
        text("line endings and case", "a\r\nb", "A\nb");
    }

    @Test
    void near_misses_have_no_cause() {
        text(null, "Straße", "STRASZE");
        text(null, "a b", "a c");
        text(null, "Tom & Jerry", "Tom &amp Jerry");
        text(null, "a & b", "a &unknown; b");
        text(null, "a", "ab");
        text(null, "abc", "bc");
        text(null, "abc", "");
        text(null, "é", "e");
        text(null, "é", "Ã¨");
        text(null, "nave", "na?e");
        text(null, "naïve", "na?ves");
        text(null, "naïve", "nave");
        text(null, "1.0", "1.01");
        text(null, "{\"a\": 1}", "{\"a\":2}");
        text(null, "x".repeat(1_000_001), "x");
    }

    @Test
    void numeric_escapes_that_are_no_characters_stay_as_they_are() {
        text(null, "&#xD800;", "?");
        text(null, "&#9999999;", "?");
        text(null, "&#x110000;", "x");
    }

    @Test
    void naming_a_cause_never_fails_and_never_names_two_for_one_pair() {
        Random random = new Random(20261122);
        String pool =
                "aA &;#x0129.,-+:TZ\r\n\t\"'{}[]?\\u\0\u0085\u00a0\u00ad\u00e9\u0301\u0130\u0131\u00df\u200b\u201c\ufeff\ufffd\ud83d\ude00";
        for (int i = 0; i < 20_000; i++) {
            String left = random(random, pool);
            String right = random.nextBoolean() ? random(random, pool) : changed(random, left, pool);
            if (!left.equals(right)) {
                assertThat(String.valueOf(TextCauses.find(left, right))).isNotEmpty();
            }
        }
        int[] oids = {16, 17, 20, 21, 23, 25, 700, 701, 1042, 1082, 1083, 1114, 1184, 1266, 1700, 2950};
        int[] lengths = {1, 3, 8, 2, 4, 5, 4, 8, 4, 4, 8, 8, 8, 12, 0, 16};
        for (int i = 0; i < 20_000; i++) {
            int type = random.nextInt(oids.length);
            if (oids[type] != 1700) {
                byte[] left = new byte[lengths[type]];
                byte[] right = new byte[lengths[type]];
                random.nextBytes(left);
                random.nextBytes(right);
                assertThat(String.valueOf(Causes.find(oids[type], left, right))).isNotEmpty();
            }
        }
    }

    private static String random(Random random, String pool) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(12); length > 0; length--) {
            text.append(pool.charAt(random.nextInt(pool.length())));
        }
        return text.toString();
    }

    private static String changed(Random random, String text, String pool) {
        int at = random.nextInt(text.length() + 1);
        return text.substring(0, at) + pool.charAt(random.nextInt(pool.length())) + text.substring(at);
    }
}
