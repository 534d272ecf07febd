package dev.backpop.producer.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantitiesTest {
    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s",
        "PT0.85S, 850 ms",
        "PT45.9S, 45s",
        "PT59.999S, 59s",
        "PT1M5S, 1m 05s",
        "PT2H3M59S, 2h 03m",
        "PT24H, 1d 00h",
        "P3DT4H, 3d 04h",
        "-PT1M, -1m 00s"
    })
    void durations_have_two_units_at_most(Duration duration, String expected) {
        assertThat(Quantities.duration(duration)).isEqualTo(expected);
    }

    @Test
    void counts_have_separators_whatever_the_locale() {
        assertThat(Quantities.count(12_345)).isEqualTo("12,345");
        assertThat(Quantities.count(-1_000)).isEqualTo("-1,000");
        assertThat(Quantities.count(Long.MAX_VALUE)).isEqualTo("9,223,372,036,854,775,807");
    }

    @Test
    void rates_have_a_decimal_only_where_it_says_something() {
        assertThat(Quantities.rate(8_210.4, "rows")).isEqualTo("8,210 rows/s");
        assertThat(Quantities.rate(0.44, "rows")).isEqualTo("0.4 rows/s");
        assertThat(Quantities.rate(9.97, "rows")).isEqualTo("10 rows/s");
        assertThat(Quantities.rate(0, "rows")).isEqualTo("0 rows/s");
        assertThat(Quantities.rate(Double.NaN, "rows")).isEqualTo("- rows/s");
        assertThat(Quantities.rate(Double.POSITIVE_INFINITY, "rows")).isEqualTo("- rows/s");
    }

    @Test
    void only_the_whole_is_a_hundred_percent() {
        assertThat(Quantities.percent(1, 8)).isEqualTo("12.5%");
        assertThat(Quantities.percent(99_999, 100_000)).isEqualTo("99.9%");
        assertThat(Quantities.percent(100_000, 100_000)).isEqualTo("100.0%");
        assertThat(Quantities.percent(0, 0)).isEqualTo("0.0%");
    }
}
