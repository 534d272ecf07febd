package dev.backpop.producer.cli;

import dev.backpop.producer.text.Text;
import java.io.PrintWriter;
import java.util.List;

/** A few lines at the end of a terminal that are drawn again and again in place. Not thread-safe. */
final class RedrawnLines {
    /** More would scroll away, where the cursor cannot go back to them. */
    private static final int MOST = 20;

    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final String CLEAR_BELOW = "\r\u001b[J";

    private final PrintWriter writer;
    private final int columns;
    private int shown;

    RedrawnLines(PrintWriter writer, int columns) {
        this.writer = writer;
        this.columns = columns;
    }

    /** Replaces what was shown. */
    void show(List<String> lines) {
        up();
        int count = Math.min(MOST, lines.size());
        for (String line : lines.subList(0, count)) {
            write(line);
        }
        if (count < lines.size()) {
            write("… and " + (lines.size() - count) + " more");
            count++;
        }
        writer.print(CLEAR_BELOW);
        writer.flush();
        shown = count;
    }

    /** Takes the lines away, so that something else can be printed. */
    void clear() {
        up();
        if (shown > 0) {
            writer.print(CLEAR_BELOW);
            writer.flush();
            shown = 0;
        }
    }

    private void write(String line) {
        writer.print(CLEAR_LINE + Text.cut(Text.printable(line), columns - 1));
        writer.println();
    }

    private void up() {
        if (shown > 0) {
            writer.print("\u001b[" + shown + "A");
        }
    }
}
