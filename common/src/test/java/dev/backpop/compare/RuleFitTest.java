package dev.backpop.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.plan.Comparison;
import dev.backpop.row.ColumnType;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RuleFitTest {
    private static final ColumnType ENUM = new ColumnType(70_000, "mood", "mood", true);
    private static final Map<String, ColumnType> TYPES = Map.ofEntries(
            type(16, "boolean"),
            type(23, "integer"),
            type(25, "text"),
            type(114, "json"),
            type(701, "double precision"),
            type(1007, "integer[]"),
            type(1082, "date"),
            type(1184, "timestamp with time zone"),
            type(1700, "numeric"),
            type(2950, "uuid"),
            type(3802, "jsonb"),
            Map.entry("mood", ENUM));

    private static Map.Entry<String, ColumnType> type(int oid, String name) {
        return Map.entry(name, new ColumnType(oid, name, name, false));
    }

    private static List<String> fitting(Comparison rule) {
        return TYPES.entrySet().stream()
                .filter(type -> RuleFit.problem(rule, type.getValue()) == null)
                .map(Map.Entry::getKey)
                .toList();
    }

    @Test
    void each_rule_fits_the_types_it_says_something_of() {
        assertThat(fitting(Comparison.EXACT)).hasSize(TYPES.size());
        assertThat(fitting(new Comparison.Ignore("reason"))).hasSize(TYPES.size());
        assertThat(fitting(new Comparison.Volatile(null))).hasSize(TYPES.size());
        assertThat(fitting(new Comparison.Volatile(BigDecimal.TEN)))
                .containsExactlyInAnyOrder("integer", "double precision", "numeric");
        assertThat(fitting(new Comparison.Tolerance(BigDecimal.TEN)))
                .containsExactlyInAnyOrder("integer", "double precision", "numeric");
        assertThat(fitting(new Comparison.TimeTolerance(Duration.ofMillis(1))))
                .containsExactlyInAnyOrder("date", "timestamp with time zone");
        assertThat(fitting(new Comparison.Instant()))
                .containsExactlyInAnyOrder("date", "timestamp with time zone", "text", "mood");
        assertThat(fitting(new Comparison.Json())).containsExactlyInAnyOrder("json", "jsonb", "text", "mood");
        assertThat(fitting(new Comparison.Words())).containsExactlyInAnyOrder("text", "mood");
        assertThat(fitting(new Comparison.SetOf()))
                .containsExactlyInAnyOrder("json", "jsonb", "text", "mood", "integer[]");
    }

    @Test
    void arrays_that_travel_as_text_are_no_sets() {
        ColumnType moods = new ColumnType(70_001, "mood[]", "mood[]", true);

        assertThat(RuleFit.problem(new Comparison.SetOf(), moods)).contains("arrays of built-in types");
    }

    @Test
    void the_message_says_what_to_do() {
        assertThat(RuleFit.problem(
                        new Comparison.Tolerance(new BigDecimal("0.01")), new ColumnType(1082, "date", "date", false)))
                .isEqualTo("rule 'tolerance 0.01' compares numbers, and the target's column is of type date: write the"
                        + " tolerance as a time, such as { tolerance: 1ms }");
    }
}
