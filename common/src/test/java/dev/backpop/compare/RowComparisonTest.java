package dev.backpop.compare;

import static dev.backpop.compare.ComparedValues.compare;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.campaign.Discrepancy.Difference;
import dev.backpop.plan.Comparison;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowComparisonTest {
    private static final Comparison CENT = new Comparison.Tolerance(new BigDecimal("0.01"));
    private static final Comparison MILLISECOND = new Comparison.TimeTolerance(Duration.ofMillis(1));
    private static final Comparison FIVE = new Comparison.Volatile(new BigDecimal(5));
    private static final Comparison ANY = new Comparison.Volatile(null);
    private static final Comparison INSTANT = new Comparison.Instant();
    private static final Comparison JSON = new Comparison.Json();
    private static final Comparison WORDS = new Comparison.Words();
    private static final Comparison SET = new Comparison.SetOf();

    private static void same(Comparison rule, String type, @Nullable String one, @Nullable String other)
            throws Exception {
        assertThat(compare(rule, type, one, other)).isEqualTo(Compared.EQUAL);
        assertThat(compare(rule, type, other, one)).isEqualTo(Compared.EQUAL);
    }

    private static void tolerated(Comparison rule, String type, @Nullable String one, @Nullable String other)
            throws Exception {
        assertThat(compare(rule, type, one, other)).isEqualTo(new Compared(List.of(), List.of("c")));
        assertThat(compare(rule, type, other, one)).isEqualTo(new Compared(List.of(), List.of("c")));
    }

    private static void different(Comparison rule, String type, @Nullable String one, @Nullable String other)
            throws Exception {
        for (Compared compared : List.of(compare(rule, type, one, other), compare(rule, type, other, one))) {
            assertThat(compared.equal()).isFalse();
            assertThat(compared.differences())
                    .singleElement()
                    .satisfies(difference -> assertThat(difference.column()).isEqualTo("c"));
            assertThat(compared.tolerated()).isEmpty();
        }
    }

    @Test
    void exactly_null_and_empty_and_blank_are_three_values() throws Exception {
        same(Comparison.EXACT, "text", null, null);
        different(Comparison.EXACT, "text", null, "");
        different(Comparison.EXACT, "text", "", " ");
        different(Comparison.EXACT, "text", null, " ");
        same(Comparison.EXACT, "numeric", "1.0", "1.00");
        different(Comparison.EXACT, "text", "1.0", "1.00");
    }

    @Test
    void both_values_are_told_as_text() throws Exception {
        assertThat(compare(Comparison.EXACT, "timestamptz", "2020-01-01 02:00:00+02", null)
                        .differences())
                .containsExactly(new Difference("c", "2020-01-01 00:00:00+00", null, "value lost (NULL)"));
    }

    @Test
    void a_tolerance_includes_its_bound_and_calculates_in_decimals() throws Exception {
        same(CENT, "numeric", "1.0", "1.00");
        tolerated(CENT, "numeric", "1.00", "1.01");
        different(CENT, "numeric", "1.00", "1.0100000000000000000000001");
        tolerated(CENT, "double precision", "0.3", "0.31");
        tolerated(CENT, "real", "0.3", "0.31");
        different(CENT, "integer", "3", "4");
        tolerated(new Comparison.Tolerance(BigDecimal.ONE), "bigint", "9223372036854775806", "9223372036854775807");
        different(CENT, "numeric", null, "0");
    }

    @Test
    void what_is_no_number_is_only_like_itself_whatever_the_tolerance() throws Exception {
        Comparison wide = new Comparison.Tolerance(new BigDecimal("1e30"));
        same(wide, "double precision", "NaN", "NaN");
        same(wide, "numeric", "-Infinity", "-Infinity");
        different(wide, "double precision", "NaN", "0");
        different(wide, "numeric", "Infinity", "-Infinity");
        different(wide, "real", "Infinity", "3e38");
        different(MILLISECOND, "timestamptz", "infinity", "294276-12-31 23:59:59.999999+00");
        different(MILLISECOND, "timestamp", "infinity", "-infinity");
    }

    @Test
    void times_may_be_apart_by_a_duration() throws Exception {
        tolerated(MILLISECOND, "timestamptz", "2020-01-01 00:00:00+00", "2020-01-01 00:00:00.001+00");
        different(MILLISECOND, "timestamptz", "2020-01-01 00:00:00+00", "2020-01-01 00:00:00.001001+00");
        tolerated(MILLISECOND, "time", "12:00:00.0005", "12:00:00");
        different(MILLISECOND, "timestamp", "4713-01-01 00:00:00 BC", "294276-01-01 00:00:00");
        Comparison day = new Comparison.TimeTolerance(Duration.ofHours(24));
        tolerated(day, "date", "0001-12-31 BC", "0001-01-01");
        different(day, "date", "2020-01-01", "2020-01-03");
        different(day, "date", "5874897-12-31", "5874897-12-30");
    }

    @Test
    void what_changes_by_itself_may_differ_but_not_be_lost() throws Exception {
        same(FIVE, "integer", "10", "10");
        tolerated(FIVE, "integer", "10", "15");
        different(FIVE, "integer", "10", "16");
        different(FIVE, "integer", "10", null);
        tolerated(ANY, "integer", "10", "1000000");
        tolerated(ANY, "text", "up", "down");
        different(ANY, "text", null, "");
    }

    @Test
    void words_are_the_same_whatever_stands_between_them() throws Exception {
        same(WORDS, "text", "A line", "A line");
        tolerated(WORDS, "text", "A *line* of `code`", "A line of code");
        tolerated(WORDS, "text", "one\n\ntwo  three", " one two three ");
        tolerated(WORDS, "character varying", "snake_case ~~gone~~ | a > b", "snakecase gone a b");
        tolerated(WORDS, "text", "caf\u00e9 \u2014 \u201cyes\u201d", "caf\u00e9 - \"yes\"");
        tolerated(WORDS, "text", "", "***");
        different(WORDS, "text", "one two", "two one");
        different(WORDS, "text", "Line", "line");
        different(WORDS, "text", "caf\u00e9", "cafe");
        different(WORDS, "text", "cafe\u0301", "cafe");
        different(WORDS, "text", "1.5 m\u00b2", "1.5 m2");
        different(WORDS, "text", "5 \u20ac", "5");
        different(WORDS, "text", "fine \ud83d\ude00", "fine");
        different(WORDS, "text", "\u0967\u0968", "\u0967");
        different(WORDS, "text", null, "");
    }

    @Test
    void of_other_words_the_cause_is_named_where_no_narrower_is_known() throws Exception {
        assertThat(cause(WORDS, "A line of code", "A line of prose")).isEqualTo("other words");
        assertThat(cause(WORDS, "A line", "a line")).isEqualTo("case");
        assertThat(cause(WORDS, "A line of code", "A line of")).isEqualTo("truncated to 9 characters");
        assertThat(cause(WORDS, "A line", null)).isEqualTo("value lost (NULL)");
        assertThat(cause(Comparison.EXACT, "A line of code", "A line of prose")).isNull();
    }

    private static @Nullable String cause(Comparison rule, @Nullable String legacy, @Nullable String target)
            throws Exception {
        return compare(rule, "text", legacy, target).differences().get(0).cause();
    }

    @Test
    void an_instant_is_the_same_whatever_its_offset_and_spelling() throws Exception {
        same(INSTANT, "text", "2020-01-01T00:00:00Z", "2020-01-01 02:00:00+02");
        same(INSTANT, "text", "2020-01-01T00:00:00.000Z", "20200101T000000Z");
        same(INSTANT, "text", "2020-01-01T05:30:00.5+0530", "2020-01-01t00:00:00,500000z");
        same(INSTANT, "text", "2020-01-01T00:00:00.1234567Z", "2020-01-01T00:00:00.123456Z");
        same(INSTANT, "character varying", "2020-01-01", "2020-01-01T00:00");
        same(INSTANT, "timetz", "01:00+00", "03:00+02");
        same(INSTANT, "text", "not a time", "not a time");
        same(INSTANT, "text", "infinity", "Infinity");
        different(INSTANT, "text", "2020-01-01T00:00:00.000001Z", "2020-01-01T00:00:00Z");
        different(INSTANT, "text", "2020-01-01T00:00:00", "2020-01-01T00:00:00Z");
        different(INSTANT, "text", "2020-01-01T00:00:00-00:30", "2020-01-01T00:00:00Z");
        different(INSTANT, "text", "not a time", "not  a time");
        different(INSTANT, "text", "", " ");
        different(INSTANT, "timetz", "01:00+00", "01:00+02");
        different(INSTANT, "timestamp", "2020-01-01 00:00:00.000001", "2020-01-01 00:00:00");
    }

    @Test
    void json_is_compared_as_values() throws Exception {
        same(JSON, "json", "{\"a\": 1, \"b\": [1.0, 2]}", "{\"b\":[1,2e0],\"a\":1}");
        same(JSON, "text", "{\"a\": 1, \"a\": 2}", "{\"a\":2}");
        same(JSON, "text", "\"\\u0041\"", "\"A\"");
        same(JSON, "text", "no JSON", "no JSON");
        same(JSON, "text", "12345678901234567890.10", "12345678901234567890.1");
        different(JSON, "text", "12345678901234567890.1", "12345678901234567890.2");
        different(JSON, "json", "[1, 2]", "[2, 1]");
        different(JSON, "jsonb", "{\"a\": null}", "{}");
        different(JSON, "text", "1", "\"1\"");
        different(JSON, "text", "null", "false");
        different(JSON, "text", "no JSON", "no  JSON");
        different(JSON, "text", "", "null");
        different(JSON, "text", "1", "1 2");
    }

    @Test
    void in_sets_neither_order_nor_repetition_counts() throws Exception {
        same(SET, "integer[]", "{1,2,2,NULL}", "{NULL,2,1}");
        same(SET, "numeric[]", "{1.0,2}", "{2.00,1}");
        same(SET, "text[]", "{}", "{}");
        same(SET, "jsonb", "[1, {\"a\": 1}, \"x\"]", "[\"x\", {\"a\": 1.0}, 1, 1]");
        same(SET, "text", "[\"a\", \"b\"]", "[\"b\",\"a\"]");
        different(SET, "integer[]", "{1,2}", "{1,2,3}");
        different(SET, "integer[]", "{1}", "{1,NULL}");
        different(SET, "text[]", "{a}", "{A}");
        different(SET, "integer[]", "{{1,2},{3,4}}", "{{3,4},{1,2}}");
        different(SET, "jsonb", "[[1, 2]]", "[[2, 1]]");
        different(SET, "text", "a,b", "b,a");
        different(SET, "json", "{\"a\": 1}", "{\"a\":1}");
    }

    @Test
    void what_is_ignored_is_neither_different_nor_tolerated() throws Exception {
        same(new Comparison.Ignore("free text"), "text", "a", null);
    }

    @Test
    void each_column_has_its_own_rule() throws Exception {
        Compared compared = compare(
                Map.of("c", CENT, "e", FIVE, "f", new Comparison.Ignore("not moved yet")),
                List.of("numeric", "text", "integer", "text"),
                List.of("1", "'Same'", "3", "'a'"),
                List.of("1.01", "'same'", "4", "'b'"));

        assertThat(compared.differences()).containsExactly(new Difference("d", "Same", "same", "case"));
        assertThat(compared.tolerated()).containsExactly("c", "e");
    }

    @Test
    void swapped_columns_are_named_on_both_sides() throws Exception {
        List<String> types = List.of("text", "text", "text", "integer");
        Compared swapped =
                compare(Map.of(), types, List.of("'a'", "'x'", "'b'", "1"), List.of("'b'", "'y'", "'a'", "2"));

        assertThat(swapped.differences())
                .extracting(Difference::cause)
                .containsExactly("swapped with e", null, "swapped with c", "off by 1");

        Compared shifted =
                compare(Map.of(), types, List.of("'a'", "'x'", "'b'", "1"), List.of("'b'", "'x'", "'c'", "1"));
        assertThat(shifted.differences()).extracting(Difference::cause).containsExactly(null, null);

        Compared otherType = compare(Map.of(), List.of("integer", "bigint"), List.of("100", "2"), List.of("2", "100"));
        assertThat(otherType.differences()).extracting(Difference::cause).containsExactly(null, null);

        Compared booleans =
                compare(Map.of(), List.of("boolean", "boolean"), List.of("true", "false"), List.of("false", "true"));
        assertThat(booleans.differences()).extracting(Difference::cause).containsOnly("inverted");
    }

    @Test
    void a_rule_that_does_not_fit_its_column_is_refused() {
        assertThatThrownBy(() -> compare(CENT, "text", "a", "a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("column c: rule 'tolerance 0.01' compares numbers", "of type text");
    }
}
