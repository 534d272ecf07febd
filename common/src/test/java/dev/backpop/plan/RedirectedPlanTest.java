package dev.backpop.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.problem.InvalidInputException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RedirectedPlanTest {
    private final PlanReader reader = new PlanReader(name -> "postgresql://host/" + name);

    private static String plan(String into) {
        return """
                # Prices in €, 😀 among them
                plan: shop   # its name
                legacy: { jdbc: { url: "${OLD}" } }
                target: { url: "${NEW}" }
                entities:
                  other: { from: { table: a, key: id }, into: { table: thing, key: id }, columns: { name: n } }
                  thing:
                    from: { table: thing, key: id }
                %s
                    columns: { name: n }
                """.formatted(into.indent(4).stripTrailing());
    }

    private Plan read(String text) {
        return reader.read(text, "shop.yaml", Path.of("/"));
    }

    private void isRedirected(String into) {
        Plan plan = read(plan(into));

        String text = RedirectedPlan.text(plan, "shop-self-test", "thing", "scratch.\"Odd \\ name\"");

        Plan redirected = read(text);
        assertThat(redirected.name()).isEqualTo("shop-self-test");
        assertThat(redirected.entity("thing").orElseThrow().into().table()).isEqualTo("scratch.\"Odd \\ name\"");
        assertThat(redirected.entity("thing").orElseThrow().into().key()).containsExactly("id");
        assertThat(redirected.entity("other")).isEqualTo(plan.entity("other"));
        assertThat(text).contains("${OLD}", "# its name", "😀");
    }

    @Test
    void name_and_table_change_and_nothing_else_however_they_are_written() {
        isRedirected("into: { table: thing, key: id }");
        isRedirected("into: {key: id, table: \"thing\"}");
        isRedirected("into:\n  table: 'app.thing' # the new one\n  key: id");
        isRedirected("into:\n  table: >-\n    app.thing\n  key: id");
    }

    @Test
    void an_entity_that_is_not_there_is_refused() {
        Plan plan = read(plan("into: { table: thing, key: id }"));

        assertThatThrownBy(() -> RedirectedPlan.text(plan, "x", "nobody", "t"))
                .isInstanceOf(InvalidInputException.class);
    }
}
