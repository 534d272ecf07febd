package dev.backpop.compare;

import dev.backpop.row.BinaryValues;
import dev.backpop.row.ExactValue;
import dev.backpop.row.JsonValues;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Names how one of two different values of a column came of the other, in words that are the same for every row it happened
 * to. Nothing is guessed: what is named was done to one value and gave the other.
 */
final class Causes {
    private Causes() {}

    /**
     * @param oid the type in which values travel
     * @return null when it is not known
     */
    static @Nullable String find(int oid, byte @Nullable [] legacy, byte @Nullable [] target) {
        ValueKind kind = ValueKind.of(oid);
        if (legacy == null || target == null) {
            return ofNull(kind, oid, legacy, target);
        }
        return switch (kind) {
            case BOOLEAN -> "inverted";
            case NUMBER -> NumberCauses.find(oid, legacy, target);
            case TIME -> TimeCauses.find(oid, legacy, target);
            case TEXT -> TextCauses.find(BinaryValues.text(oid, legacy), BinaryValues.text(oid, target));
            case JSON -> ofJson(BinaryValues.text(oid, legacy), BinaryValues.text(oid, target));
            case ARRAY -> ofElements(ExactValue.elements(oid, legacy), ExactValue.elements(oid, target));
            case BYTES -> ofBytes(legacy, target);
            case OTHER -> null;
        };
    }

    private static @Nullable String ofNull(
            ValueKind kind, int oid, byte @Nullable [] legacy, byte @Nullable [] target) {
        if (legacy == null && target == null) {
            return null;
        }
        byte[] value = legacy == null ? target : legacy;
        String text = kind == ValueKind.TEXT && value != null ? BinaryValues.text(oid, value) : "-";
        String what = text.isEmpty() ? "empty text" : Fold.stripped(text).isEmpty() ? "blank" : "";
        if (legacy == null) {
            return what.isEmpty() ? "NULL became a value" : what + " for NULL";
        }
        return what.isEmpty() ? "value lost (NULL)" : "NULL for " + (what.equals("blank") ? "" : "an ") + what;
    }

    private static @Nullable String ofJson(String legacy, String target) {
        Optional<Object> left = JsonValues.value(legacy);
        Optional<Object> right = JsonValues.value(target);
        if (left.isPresent() && left.equals(right)) {
            return "same JSON, spelled differently";
        }
        String elements = ofElements(left.flatMap(Causes::list), right.flatMap(Causes::list));
        return elements == null ? TextCauses.find(legacy, target) : elements;
    }

    private static Optional<List<Object>> list(Object value) {
        return value instanceof List<?> list ? Optional.of(List.copyOf(list)) : Optional.empty();
    }

    private static @Nullable String ofElements(Optional<List<Object>> legacy, Optional<List<Object>> target) {
        if (legacy.isEmpty() || target.isEmpty() || legacy.equals(target)) {
            return null;
        }
        List<Object> left = legacy.get();
        List<Object> right = target.get();
        if (!new HashSet<>(left).equals(new HashSet<>(right))) {
            return null;
        }
        if (counts(left).equals(counts(right))) {
            return "order";
        }
        boolean sameOrder = List.copyOf(new LinkedHashSet<>(left)).equals(List.copyOf(new LinkedHashSet<>(right)));
        return sameOrder ? "repetition" : "order and repetition";
    }

    private static Map<Object, Integer> counts(List<Object> elements) {
        Map<Object, Integer> counts = new HashMap<>();
        elements.forEach(element -> counts.merge(element, 1, Integer::sum));
        return counts;
    }

    private static @Nullable String ofBytes(byte[] legacy, byte[] target) {
        boolean starts = target.length > 0
                && target.length < legacy.length
                && Arrays.equals(legacy, 0, target.length, target, 0, target.length);
        return starts ? "truncated to " + target.length + " bytes" : null;
    }
}
