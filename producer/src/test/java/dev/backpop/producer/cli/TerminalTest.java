package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {
    @Test
    void a_pipe_is_never_interactive() {
        assertThat(Terminal.of(false, Map.<String, String>of()::get)).isEqualTo(new Terminal(false, false, 80));
    }

    @Test
    void a_dumb_terminal_is_not_redrawn_and_no_color_is_obeyed() {
        assertThat(Terminal.of(true, Map.of("TERM", "dumb")::get).interactive()).isFalse();
        assertThat(Terminal.of(true, Map.of("NO_COLOR", "1")::get)).isEqualTo(new Terminal(true, false, 80));
        assertThat(Terminal.of(true, Map.of("NO_COLOR", "")::get).colors()).isTrue();
    }

    @Test
    void columns_are_taken_where_they_are_a_number() {
        assertThat(Terminal.of(true, Map.of("COLUMNS", "132")::get).columns()).isEqualTo(132);
        assertThat(Terminal.of(true, Map.of("COLUMNS", "wide")::get).columns()).isEqualTo(80);
        assertThat(Terminal.of(true, Map.of("COLUMNS", "1")::get).columns()).isEqualTo(20);
    }
}
