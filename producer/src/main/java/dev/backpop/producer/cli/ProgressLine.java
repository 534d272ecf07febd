package dev.backpop.producer.cli;

import dev.backpop.producer.text.JsonText;
import dev.backpop.producer.text.Text;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Progress as whoever looks can use it: one line redrawn on a terminal; in a pipe a line every two seconds and whenever the
 * state changes, every half minute while nothing changes; as JSON likewise. Not thread-safe.
 */
final class ProgressLine implements AutoCloseable {
    private static final long INTERVAL_NANOS = Duration.ofSeconds(2).toNanos();
    /** Often enough to show that somebody is there, and no more: a night without workers must not fill a log. */
    private static final long SAME_NANOS = Duration.ofSeconds(30).toNanos();

    private static final long REDRAW_NANOS = Duration.ofMillis(100).toNanos();
    private static final String CLEAR_LINE = "\r\u001b[K";

    /** How progress is written. */
    enum Form {
        REDRAWN,
        LINES,
        JSON;

        static Form of(Terminal terminal, boolean json) {
            if (json) {
                return JSON;
            }
            return terminal.interactive() ? REDRAWN : LINES;
        }
    }

    private final PrintWriter writer;
    private final Form form;
    private final int columns;
    private final LongSupplier nanoTime;

    private @Nullable ProgressSnapshot shown;
    private @Nullable ProgressSnapshot latest;
    private long shownAt;

    /**
     * @param columns the terminal's width
     * @param nanoTime a clock that never goes back, such as {@code System::nanoTime}
     */
    ProgressLine(PrintWriter writer, Form form, int columns, LongSupplier nanoTime) {
        this.writer = writer;
        this.form = form;
        this.columns = columns;
        this.nanoTime = nanoTime;
    }

    /** Shows a snapshot if it is time to; call it as often as you like. */
    void show(ProgressSnapshot snapshot) {
        latest = snapshot;
        long now = nanoTime.getAsLong();
        long interval = form == Form.REDRAWN ? REDRAW_NANOS : snapshot.equals(shown) ? SAME_NANOS : INTERVAL_NANOS;
        if (shown == null || now - shownAt >= interval || !Objects.equals(shown.state(), snapshot.state())) {
            write(snapshot);
            shownAt = now;
        }
    }

    /** Takes the redrawn line away, so that something else can be printed; the next {@link #show} brings it back. */
    void clear() {
        if (form == Form.REDRAWN && shown != null) {
            writer.print(CLEAR_LINE);
            writer.flush();
            shown = null;
        }
    }

    /** Shows the last snapshot if it was held back, and leaves it standing. */
    @Override
    public void close() {
        if (latest != null && !latest.equals(shown)) {
            write(latest);
        }
        if (form == Form.REDRAWN && shown != null) {
            writer.println();
            writer.flush();
        }
        shown = null;
        latest = null;
    }

    private void write(ProgressSnapshot snapshot) {
        switch (form) {
            // One column stays free: a full line makes some terminals wrap, and the next redraw would leave it behind.
            case REDRAWN -> writer.print(CLEAR_LINE + Text.cut(snapshot.barText(), columns - 1));
            case LINES -> writer.println(snapshot.text());
            case JSON -> writer.println(JsonText.of(snapshot));
        }
        writer.flush();
        shown = snapshot;
    }
}
