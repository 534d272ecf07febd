package dev.backpop.producer.cli;

import dev.backpop.producer.text.Quantities;
import dev.backpop.producer.text.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Rows under headers, in columns as wide as they must be: numbers to the right, with separators; {@code -} for null. */
final class Table {
    private static final String GAP = "  ";

    private Table() {}

    /** The lines of a table, header first, without trailing blanks. Every row must have as many cells as there are headers. */
    static List<String> lines(List<String> headers, List<? extends List<? extends @Nullable Object>> rows) {
        int columns = headers.size();
        int[] widths = new int[columns];
        boolean[] right = new boolean[columns];
        List<List<String>> texts = new ArrayList<>();
        texts.add(
                headers.stream().map(header -> header.toUpperCase(Locale.ROOT)).toList());
        for (List<? extends @Nullable Object> row : rows) {
            if (row.size() != columns) {
                throw new IllegalArgumentException("a row has " + row.size() + " cells for " + columns + " headers");
            }
            texts.add(row.stream().map(Table::text).toList());
        }
        for (int column = 0; column < columns; column++) {
            int at = column;
            widths[at] = texts.stream()
                    .mapToInt(row -> Text.width(row.get(at)))
                    .max()
                    .orElse(0);
            right[at] = rows.stream().anyMatch(row -> row.get(at) instanceof Number)
                    && rows.stream().allMatch(row -> row.get(at) == null || row.get(at) instanceof Number);
        }
        return texts.stream().map(row -> line(row, widths, right)).toList();
    }

    private static String line(List<String> cells, int[] widths, boolean[] right) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = cells.get(column);
            String padding = " ".repeat(widths[column] - Text.width(cell));
            line.append(column == 0 ? "" : GAP).append(right[column] ? padding + cell : cell + padding);
        }
        return line.toString().stripTrailing();
    }

    private static String text(@Nullable Object cell) {
        if (cell == null) {
            return "-";
        }
        if (cell instanceof Long || cell instanceof Integer) {
            return Quantities.count(((Number) cell).longValue());
        }
        return Text.printable(cell.toString());
    }
}
