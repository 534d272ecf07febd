package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutputTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Output output = new Output(new PrintWriter(out), new PrintWriter(err));

    @Test
    void tables_align_numbers_right_and_text_left_under_their_headers() {
        output.table(
                List.of("id", "rows", "why"), List.of(List.of("film", 12_345L, "ok"), Arrays.asList("a", 7, null)));

        assertThat(out.toString().lines()).containsExactly("ID      ROWS  WHY", "film  12,345  ok", "a          7  -");
    }

    @Test
    void wide_and_combining_characters_keep_columns_straight() {
        List<String> lines = Table.lines(
                List.of("name", "x"), List.of(List.of("東京", "|"), List.of("e\u0301", "|"), List.of("😀", "|")));

        assertThat(lines).containsExactly("NAME  X", "東京  |", "e\u0301     |", "😀    |");
    }

    @Test
    void headers_stay_plain_in_a_turkish_locale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("tr"));
        try {
            assertThat(Table.lines(List.of("id"), List.of())).containsExactly("ID");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void a_row_of_another_length_is_refused() {
        assertThatThrownBy(() -> Table.lines(List.of("one", "two"), List.of(List.of("only one"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 cells for 2 headers");
    }

    @Test
    void data_cannot_make_a_terminal_obey() {
        String hostile = "\u001b[2J\u009b31m\u202Etxt\r\n\u0000\u2028";

        output.table(List.of("value"), List.of(List.of(hostile)));
        output.line(hostile);
        output.note(hostile);
        output.json(Map.of("value", hostile));

        assertThat((out.toString() + err).replace("\n", "").codePoints())
                .noneMatch(
                        codePoint -> Character.isISOControl(codePoint) || codePoint == 0x202E || codePoint == 0x2028);
        assertThat(out.toString()).contains("\\u001b[2J\\u009b31m\\u202etxt\\r\\n\\u0000");
    }

    @Test
    void json_is_one_line_in_snake_case_in_the_order_of_the_record() {
        output.json(new Sample(3, ProgressLine.Form.LINES, Instant.EPOCH, Optional.empty(), Map.of("b", 1, "aB", 2)));

        assertThat(out.toString().strip())
                .isEqualTo("{\"rows_written\":3,\"a_form\":\"lines\",\"at\":\"1970-01-01T00:00:00Z\",\"left\":null,"
                        + "\"counts\":{\"aB\":2,\"b\":1}}");
    }

    @Test
    void notes_go_to_standard_error_without_secrets() {
        output.note("holding: no answer from redis://:hush@host");

        assertThat(err.toString().strip()).isEqualTo("holding: no answer from redis://***@host");
        assertThat(out.toString()).isEmpty();
    }

    private record Sample(
            long rowsWritten,
            ProgressLine.Form aForm,
            Instant at,
            Optional<String> left,
            Map<String, Integer> counts) {}
}
