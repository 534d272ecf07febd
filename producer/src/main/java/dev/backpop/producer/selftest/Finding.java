package dev.backpop.producer.selftest;

import dev.backpop.campaign.Discrepancy;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One key that a verification reports, or has to report. Equal when everything is: kind, columns and causes.
 *
 * @param key as a JSON array
 * @param columns what differs, sorted; empty for missing and unexpected
 * @param cause the row's cause; null when none is told
 */
public record Finding(
        String key,
        Discrepancy.Kind kind,
        List<Column> columns,
        @Nullable String cause) {
    /**
     * One column that differs.
     *
     * @param cause null when none is told
     */
    public record Column(String name, @Nullable String cause) {
        String text() {
            return name + ": " + (cause == null ? "no cause" : cause);
        }
    }

    public Finding {
        columns = columns.stream().sorted(Comparator.comparing(Column::name)).toList();
    }

    /** @param key how the key is written here */
    static Finding of(Discrepancy found, UnaryOperator<String> key) {
        boolean mismatched = found.kind() == Discrepancy.Kind.MISMATCHED;
        return new Finding(
                key.apply(found.key()),
                found.kind(),
                // Of whole rows these are the two keys of one that moved or was copied.
                mismatched
                        ? found.columns().stream()
                                .map(column -> new Column(column.column(), column.cause()))
                                .toList()
                        : List.of(),
                found.cause());
    }

    static Finding missing(String key, @Nullable String cause) {
        return new Finding(key, Discrepancy.Kind.MISSING, List.of(), cause);
    }

    static Finding unexpected(String key, @Nullable String cause) {
        return new Finding(key, Discrepancy.Kind.UNEXPECTED, List.of(), cause);
    }

    static Finding mismatched(String key, Column... columns) {
        return new Finding(key, Discrepancy.Kind.MISMATCHED, List.of(columns), null);
    }

    /** For people: kind and columns, such as {@code mismatched author, editor}. */
    public String what() {
        String names = columns.stream().map(Column::name).collect(Collectors.joining(", "));
        return names.isEmpty() ? kind.word() : kind.word() + " " + names;
    }

    /** For people: the causes, each once; null when none is told. */
    public @Nullable String why() {
        if (cause != null) {
            return cause;
        }
        Map<String, Long> causes = columns.stream()
                .filter(column -> column.cause() != null)
                .collect(Collectors.groupingBy(column -> String.valueOf(column.cause()), Collectors.counting()));
        return causes.isEmpty() ? null : causes.keySet().stream().sorted().collect(Collectors.joining(", "));
    }

    /** For people: all of it but the key. */
    String text() {
        String all = columns.stream().map(Column::text).collect(Collectors.joining(", "));
        String row = cause == null ? "" : " (" + cause + ")";
        return kind.word() + row + (all.isEmpty() ? "" : " " + all);
    }
}
