package dev.backpop.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.backpop.problem.InvalidInputException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CompareSectionTest {
    private static final String HEAD = """
            plan: shop
            legacy: { jdbc: { url: "postgresql://old/shop" } }
            target: { url: "postgresql://new/shop" }
            entities:
              customer:
                from: { table: customer, key: id }
                into: { table: customer, key: id }
                columns: { id: id, name: name, amount: amount, seen: seen, score: score, tags: tags, doc: doc, note: note }
            """;

    private static Entity read(String rest) {
        return new PlanReader(name -> null)
                .read(HEAD + rest.indent(4), "shop.yaml", Path.of("."))
                .entities()
                .get(0);
    }

    private static List<String> problems(String rest) {
        InvalidInputException refusal = catchThrowableOfType(InvalidInputException.class, () -> read(rest));
        assertThat(refusal).as("the plan was accepted").isNotNull();
        return refusal.problems().stream().map(Object::toString).toList();
    }

    private static void problem(String rest, String... parts) {
        assertThat(problems(rest)).singleElement().asString().contains(parts);
    }

    @Test
    void every_rule_is_read() {
        Entity entity = read("""
                compare:
                  name: exact
                  amount: { tolerance: 0.01 }
                  seen: { tolerance: 1.5s }
                  score: { volatile: 5 }
                  tags: set
                  doc: json
                  note: { ignore: "free text is rewritten by the importer" }
                """);

        assertThat(entity.compare())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "name", new Comparison.Exact(),
                        "amount", new Comparison.Tolerance(new BigDecimal("0.01")),
                        "seen", new Comparison.TimeTolerance(Duration.ofMillis(1_500)),
                        "score", new Comparison.Volatile(new BigDecimal("5")),
                        "tags", new Comparison.SetOf(),
                        "doc", new Comparison.Json(),
                        "note", new Comparison.Ignore("free text is rewritten by the importer")));
        assertThat(entity.compare().values().stream().map(Comparison::text))
                .containsExactly(
                        "exact",
                        "tolerance 0.01",
                        "tolerance 1500ms",
                        "volatile 5",
                        "set",
                        "json",
                        "ignore: free text is rewritten by the importer");
        assertThat(read("compare: { score: volatile, seen: instant }").compare())
                .containsEntry("score", new Comparison.Volatile(null))
                .containsEntry("seen", new Comparison.Instant());
    }

    @Test
    void a_column_without_a_rule_is_compared_exactly() {
        assertThat(read("").compare()).isEmpty();
        assertThat(read("").comparison("name")).isEqualTo(Comparison.EXACT);
        assertThat(read("compare: { name: json }").comparison("name")).isEqualTo(new Comparison.Json());
    }

    @Test
    void only_mapped_columns_that_are_no_key_have_rules() {
        problem("compare: { nmae: json }", "customer.compare.nmae: ", "does not map", "did you mean 'name'?");
        problem("compare: { id: exact }", "customer.compare.id: is a key column", "take it out of 'compare'");
    }

    @Test
    void rules_that_cannot_be_read_are_named_with_what_was_meant() {
        problem("compare: { name: jsno }", "unknown rule 'jsno'; did you mean 'json'?");
        problem("compare: { name: { tolerence: 1 } }", "name.tolerence: unknown rule; did you mean 'tolerance'?");
        problem("compare: { name: { json: 1 } }", "takes no value: write the word alone");
        problem("compare: { name: tolerance }", "needs how much", "{ tolerance: 0.01 }");
        problem("compare: { name: ignore }", "needs a reason", "{ ignore: ");
        problem("compare: { name: { ignore: \"\" } }", "name.ignore: is empty");
        problem("compare: { name: {} }", "is one rule a column");
        problem("compare: { name: { tolerance: 1, volatile: 2 } }", "is one rule a column");
        problem("compare: { name: [exact] }", "compare.name");
        problem("compare: exact", "expected a mapping");
        for (String wrong : List.of("-1", "1e3", "NaN", "0x1", "1 day", ".5", "1,5")) {
            problem("compare: { name: { tolerance: \"" + wrong + "\" } }", "plain number of zero or more", wrong);
            problem("compare: { name: { volatile: \"" + wrong + "\" } }", "plain number of zero or more", wrong);
        }
    }

    @Test
    void verification_has_defaults() {
        assertThat(read("").verification()).isEqualTo(new Verification(null, Duration.ofSeconds(5), 6, 0));
        assertThat(read("verify: { method: bytes, settle: 500ms, looks: 3, sequence_margin: 1000 }")
                        .verification())
                .isEqualTo(new Verification(Verification.Method.BYTES, Duration.ofMillis(500), 3, 1_000));
        assertThat(read("verify: { settle: 0s }").verification().settle()).isZero();
    }

    @Test
    void wrong_verification_settings_are_told_together() {
        assertThat(problems("verify: { method: digest, settle: 5, looks: 0, sequence_margin: -1, look: 1 }"))
                .hasSize(5)
                .anySatisfy(one -> assertThat(one).contains("unknown method 'digest'; did you mean 'digests'?"))
                .anySatisfy(one -> assertThat(one).contains("from 0s to 1h", "found 5"))
                .anySatisfy(one -> assertThat(one).contains("whole number from 1 to 1000, found 0"))
                .anySatisfy(one -> assertThat(one).contains("verify.sequence_margin", "found -1"))
                .anySatisfy(one -> assertThat(one).contains("unknown key 'look'; did you mean 'looks'?"));
        problem("verify: { settle: 2h }", "from 0s to 1h");
        problem("verify: { looks: 99999999999999999999 }", "whole number from 1 to 1000");
    }
}
