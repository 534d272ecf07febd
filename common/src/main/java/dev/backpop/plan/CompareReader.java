package dev.backpop.plan;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code compare} of an entity. A rule that cannot be read is left out, with a problem noted. */
final class CompareReader {
    private static final List<String> WORDS =
            List.of("exact", "instant", "tolerance", "json", "set", "words", "volatile", "ignore");
    private static final List<String> WITH_VALUE = List.of("tolerance", "volatile", "ignore");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,100}(?:\\.[0-9]{1,100})?");

    private CompareReader() {}

    /**
     * @param element null when the plan says nothing, which compares every column exactly
     * @param columns null when they cannot be read
     * @param into null when it cannot be read
     */
    static Map<String, Comparison> read(
            @Nullable Element element, @Nullable List<ColumnRule> columns, @Nullable Into into) {
        Map<String, Element> entries = element == null ? null : element.entries();
        Map<String, Comparison> rules = new LinkedHashMap<>();
        if (entries == null) {
            return rules;
        }
        entries.forEach((column, value) -> {
            Comparison rule = rule(value);
            if (isCompared(column, value, columns, into) && rule != null) {
                rules.put(column, rule);
            }
        });
        return rules;
    }

    private static boolean isCompared(
            String column, Element value, @Nullable List<ColumnRule> columns, @Nullable Into into) {
        if (into != null && into.key().contains(column)) {
            value.problem("is a key column, by which the rows of both sides are brought together, so it has no rule: "
                    + "take it out of 'compare'");
            return false;
        }
        List<String> mapped = columns == null
                ? null
                : columns.stream()
                        .map(ColumnRule::column)
                        .filter(name -> into == null || !into.key().contains(name))
                        .toList();
        if (mapped == null || mapped.contains(column)) {
            return true;
        }
        value.problem("'columns' does not map this column, and only mapped columns are compared"
                + (mapped.isEmpty() ? ": take it out of 'compare'" : Spelling.hint(column, mapped)));
        return false;
    }

    private static @Nullable Comparison rule(Element element) {
        if (element.isMapping()) {
            Map<String, Element> entries = element.entries();
            if (entries == null || entries.size() != 1) {
                element.problem("is one rule a column: write one of " + forms());
                return null;
            }
            Map.Entry<String, Element> only = entries.entrySet().iterator().next();
            return withValue(only.getKey(), only.getValue());
        }
        String word = element.text();
        if (word == null) {
            return null;
        }
        return switch (word) {
            case "exact" -> Comparison.EXACT;
            case "instant" -> new Comparison.Instant();
            case "json" -> new Comparison.Json();
            case "set" -> new Comparison.SetOf();
            case "words" -> new Comparison.Words();
            case "volatile" -> new Comparison.Volatile(null);
            case "tolerance" -> {
                element.problem("needs how much: write { tolerance: 0.01 }, or { tolerance: 1ms } for times");
                yield null;
            }
            case "ignore" -> {
                element.problem("needs a reason, which reports print: write { ignore: \"why this may differ\" }");
                yield null;
            }
            default -> {
                element.problem("unknown rule '" + element.shown() + "'" + Spelling.hint(element.raw(), WORDS));
                yield null;
            }
        };
    }

    private static @Nullable Comparison withValue(String word, Element value) {
        return switch (word) {
            case "tolerance" -> tolerance(value);
            case "volatile" -> {
                BigDecimal most = number(value, "volatile: 5");
                yield most == null ? null : new Comparison.Volatile(most);
            }
            case "ignore" -> {
                String reason = value.text();
                yield reason == null ? null : new Comparison.Ignore(reason);
            }
            default -> {
                value.problem(
                        WORDS.contains(word)
                                ? "takes no value: write the word alone"
                                : "unknown rule" + Spelling.hint(word, WITH_VALUE));
                yield null;
            }
        };
    }

    private static @Nullable Comparison tolerance(Element value) {
        String text = value.text();
        if (text == null) {
            return null;
        }
        Optional<Duration> time = DurationText.parse(text);
        if (time.isPresent()) {
            return new Comparison.TimeTolerance(time.get());
        }
        BigDecimal most = number(value, "tolerance: 0.01, or of a time, such as tolerance: 1ms");
        return most == null ? null : new Comparison.Tolerance(most);
    }

    private static @Nullable BigDecimal number(Element value, String example) {
        String text = value.text();
        if (text == null) {
            return null;
        }
        if (!NUMBER.matcher(text).matches()) {
            value.problem("expected a plain number of zero or more, such as " + example + "; found " + value.shown());
            return null;
        }
        return new BigDecimal(text);
    }

    private static String forms() {
        return "exact, instant, json, set, words, volatile, { volatile: 5 }, { tolerance: 0.01 }, { tolerance: 1ms }, "
                + "{ ignore: \"reason\" }";
    }
}
