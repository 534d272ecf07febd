package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.producer.cli.ProgressLine.Form;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private static final String CLEAR = "\r\u001b[K";

    private final StringWriter written = new StringWriter();
    private long nanos = -5;

    @Test
    void a_pipe_gets_a_line_every_two_seconds_and_the_last_one_at_the_end() {
        try (ProgressLine line = line(Form.LINES)) {
            line.show(snapshot(0, null));
            pass(1_999);
            line.show(snapshot(1, null));
            pass(1);
            line.show(snapshot(2, null));
            pass(10);
            line.show(snapshot(20_000, null));
        }

        assertThat(written.toString().lines())
                .containsExactly(
                        "film backfill  0.0%  0/20,000  8,210 rows/s  eta 1m 05s  1 reject  2 retries  2 workers",
                        "film backfill  0.0%  2/20,000  8,210 rows/s  eta 1m 05s  1 reject  2 retries  2 workers",
                        "film backfill  100.0%  20,000/20,000  8,210 rows/s  eta 1m 05s  1 reject  2 retries  2 workers");
    }

    @Test
    void a_change_of_state_is_said_at_once() {
        ProgressLine line = line(Form.LINES);
        line.show(snapshot(1, null));
        line.show(snapshot(1, "held: legacy does not answer"));
        line.show(snapshot(2, "held: legacy does not answer"));

        assertThat(written.toString().lines()).hasSize(2).last().asString().endsWith("held: legacy does not answer");
    }

    @Test
    void a_terminal_gets_one_line_redrawn_and_cut_to_its_width() {
        try (ProgressLine line = new ProgressLine(new PrintWriter(written), Form.REDRAWN, 60, () -> nanos)) {
            line.show(snapshot(1, null));
            pass(100);
            line.show(snapshot(10_000, null));
        }

        assertThat(written.toString())
                .isEqualTo(CLEAR + "film backfill  [--------------------]  0.0%  1/20,000  8,2…"
                        + CLEAR + "film backfill  [##########----------]  50.0%  10,000/20,00…"
                        + System.lineSeparator());
    }

    @Test
    void a_cleared_line_makes_room_and_comes_back() {
        ProgressLine line = line(Form.REDRAWN);
        line.show(snapshot(1, null));
        line.clear();
        line.clear();
        line.show(snapshot(1, null));

        assertThat(written.toString().split("\u001b", -1)).hasSize(4);
    }

    @Test
    void a_line_that_says_nothing_new_is_repeated_every_half_minute_only() {
        ProgressLine line = line(Form.LINES);
        line.show(snapshot(1, null));
        pass(29_999);
        line.show(snapshot(1, null));
        assertThat(written.toString().lines()).hasSize(1);

        pass(1);
        line.show(snapshot(1, null));
        assertThat(written.toString().lines()).hasSize(2);
    }

    @Test
    void json_is_one_object_a_line() {
        line(Form.JSON).show(snapshot(5, "paused"));

        assertThat(written.toString().strip())
                .isEqualTo(
                        "{\"label\":\"film backfill\",\"done\":5,\"total\":20000,\"rows_per_second\":8210.0,"
                                + "\"eta\":\"PT1M5S\",\"rejects\":1,\"discrepancies\":0,\"retries\":2,\"workers\":2,\"state\":\"paused\"}");
    }

    @Test
    void an_unknown_total_is_not_made_up() {
        assertThat(new ProgressSnapshot("film backfill", 5, null, 0, null, 0, 0, 1, 1, null).text())
                .isEqualTo("film backfill  5  0 rows/s  1 retry  1 worker");
    }

    @Test
    void the_form_follows_the_reader() {
        assertThat(Form.of(Terminal.NONE, false)).isEqualTo(Form.LINES);
        assertThat(Form.of(new Terminal(true, true, 80), false)).isEqualTo(Form.REDRAWN);
        assertThat(Form.of(new Terminal(true, true, 80), true)).isEqualTo(Form.JSON);
    }

    private ProgressLine line(Form form) {
        return new ProgressLine(new PrintWriter(written), form, 200, () -> nanos);
    }

    private void pass(long millis) {
        nanos += Duration.ofMillis(millis).toNanos();
    }

    private static ProgressSnapshot snapshot(long done, @Nullable String state) {
        return new ProgressSnapshot("film backfill", done, 20_000L, 8_210, Duration.ofSeconds(65), 1, 0, 2, 2, state);
    }
}
