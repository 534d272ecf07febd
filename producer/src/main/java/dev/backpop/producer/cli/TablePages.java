package dev.backpop.producer.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table of any length, printed page after page so that no more than one is held in memory. Close it to print the last. */
final class TablePages implements AutoCloseable {
    private static final int PAGE = 500;

    private final Output output;
    private final List<String> headers;
    private final List<List<@Nullable Object>> page = new ArrayList<>();
    private long rows;

    TablePages(Output output, List<String> headers) {
        this.output = output;
        this.headers = headers;
    }

    void add(List<@Nullable Object> row) {
        page.add(row);
        rows++;
        if (page.size() == PAGE) {
            print();
        }
    }

    /** How many were added. */
    long rows() {
        return rows;
    }

    /** Prints what was added since the last page. */
    void print() {
        if (!page.isEmpty()) {
            output.table(headers, page);
            page.clear();
        }
    }

    @Override
    public void close() {
        print();
    }
}
