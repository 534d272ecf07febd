package dev.backpop.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {
    private static final List<String> KNOWN = List.of("from", "into", "columns", "compression", "insert-only");

    @Test
    void finds_the_word_that_was_meant() {
        assertThat(Spelling.nearest("colmuns", KNOWN)).contains("columns");
        assertThat(Spelling.nearest("form", KNOWN)).contains("from");
        assertThat(Spelling.nearest("col", KNOWN)).contains("columns");
        assertThat(Spelling.nearest("INTO", KNOWN)).contains("into");
        assertThat(Spelling.nearest("INSERT_ONLY", KNOWN)).contains("insert-only");
    }

    @Test
    void says_what_is_known_when_nothing_is_near() {
        assertThat(Spelling.nearest("password", KNOWN)).isEmpty();
        assertThat(Spelling.nearest("", KNOWN)).isEmpty();
        assertThat(Spelling.hint("xyz", List.of("a", "b"))).isEqualTo("; known here: a, b");
        assertThat(Spelling.hint("form", KNOWN)).isEqualTo("; did you mean 'from'?");
    }
}
