package dev.backpop.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlNamesTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "film,\"film\"",
                "crm.Customer,\"crm\".\"Customer\"",
                "\"a.b\".c,\"a.b\".\"c\"",
                "\"a\"\"b\",\"a\"\"b\"",
                "order,\"order\""
            })
    void a_table_is_quoted_part_by_part(String written, String expected) {
        assertThat(SqlNames.table(written)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a.", ".a", "a..b", "\"a", "\"\""})
    void a_malformed_name_is_refused(String written) {
        assertThatThrownBy(() -> SqlNames.table(written)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void quotes_are_doubled_and_a_backslash_is_a_backslash() {
        assertThat(SqlNames.quoted("a\"b")).isEqualTo("\"a\"\"b\"");
        assertThat(SqlNames.literal("it's \\ it")).isEqualTo("'it''s \\ it'");
        assertThatThrownBy(() -> SqlNames.literal("a\0b")).hasMessageContaining("NUL");
    }
}
