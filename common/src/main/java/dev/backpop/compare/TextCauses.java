package dev.backpop.compare;

import dev.backpop.row.JsonValues;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Names how one of two different texts came of the other, where that can be shown by doing it. */
final class TextCauses {
    /** Longer ones are not looked into: a document of that size would hold a lane for long. */
    private static final int LONGEST = 1_000_000;

    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,300}(?:\\.[0-9]{1,300})?");

    private TextCauses() {}

    /** @return null when it is not known */
    static @Nullable String find(String legacy, String target) {
        if (legacy.length() > LONGEST || target.length() > LONGEST) {
            return null;
        }
        String spelling = spelling(legacy, target);
        if (spelling != null) {
            return spelling;
        }
        for (Fold fold : Fold.ALL) {
            if (fold.apply(legacy).equals(fold.apply(target))) {
                return fold.cause();
            }
        }
        if (Encodings.isMisread(legacy, target)) {
            return "wrong character encoding";
        }
        if (Encodings.isReplaced(legacy, target)) {
            return "replacement characters";
        }
        if (!target.isEmpty() && legacy.startsWith(target)) {
            return "truncated to " + target.codePointCount(0, target.length()) + " characters";
        }
        return combined(legacy, target);
    }

    private static @Nullable String spelling(String legacy, String target) {
        if (NUMBER.matcher(legacy).matches() && NUMBER.matcher(target).matches()) {
            return new BigDecimal(legacy).compareTo(new BigDecimal(target)) == 0
                    ? "same number, spelled differently"
                    : null;
        }
        if (startsJson(legacy) && startsJson(target)) {
            Optional<Object> value = JsonValues.value(legacy);
            return value.isPresent() && value.equals(JsonValues.value(target))
                    ? "same JSON, spelled differently"
                    : null;
        }
        return TimeCauses.findInTexts(legacy, target);
    }

    private static boolean startsJson(String text) {
        String start = text.stripLeading();
        return start.startsWith("{") || start.startsWith("[");
    }

    /** The fewest ways that together make the texts equal: the wide ones go first where they are not needed. */
    private static @Nullable String combined(String legacy, String target) {
        List<Fold> needed = new ArrayList<>(Fold.ALL);
        if (!areEqual(needed, legacy, target)) {
            return null;
        }
        for (int i = Fold.ALL.size() - 1; i >= 0; i--) {
            Fold fold = Fold.ALL.get(i);
            List<Fold> fewer = needed.stream()
                    .filter(one -> !one.cause().equals(fold.cause()))
                    .toList();
            if (areEqual(fewer, legacy, target)) {
                needed = fewer;
            }
        }
        List<String> causes = needed.stream().map(Fold::cause).toList();
        return causes.stream().limit(causes.size() - 1L).collect(Collectors.joining(", "))
                + " and "
                + causes.get(causes.size() - 1);
    }

    private static boolean areEqual(List<Fold> folds, String legacy, String target) {
        String left = legacy;
        String right = target;
        for (Fold fold : folds) {
            left = fold.apply(left);
            right = fold.apply(right);
        }
        return left.equals(right);
    }
}
