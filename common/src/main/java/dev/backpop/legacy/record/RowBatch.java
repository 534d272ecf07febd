package dev.backpop.legacy.record;

import dev.backpop.row.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Gathers rows and gives them on in batches of bounded count and bytes. Not thread-safe. */
public final class RowBatch {
    private static final int MOST_ROWS = 1_000;
    private static final long MOST_BYTES = 8L << 20;

    private final Consumer<List<Row>> rows;
    private List<Row> held = new ArrayList<>();
    private long bytes;

    public RowBatch(Consumer<List<Row>> rows) {
        this.rows = rows;
    }

    public void add(Row row) {
        if (!held.isEmpty() && bytes + row.bytes() > MOST_BYTES) {
            flush();
        }
        held.add(row);
        bytes += row.bytes();
        if (held.size() == MOST_ROWS) {
            flush();
        }
    }

    public void flush() {
        if (held.isEmpty()) {
            return;
        }
        List<Row> batch = held;
        held = new ArrayList<>();
        bytes = 0;
        rows.accept(batch);
    }
}
