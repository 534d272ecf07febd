package dev.backpop.compare;

import dev.backpop.plan.Comparison;
import dev.backpop.row.BinaryValues;
import dev.backpop.row.ExactValue;
import dev.backpop.row.JsonValues;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares the two values of one column by its rule. Immutable and thread-safe. */
final class ColumnComparator {
    /** What a comparison comes to. */
    enum Outcome {
        SAME,
        TOLERATED,
        DIFFERENT
    }

    private final Comparison rule;
    private final int oid;
    private final ValueKind kind;

    /** @param oid the type in which values travel, which the rule fits */
    ColumnComparator(Comparison rule, int oid) {
        this.rule = rule;
        this.oid = oid;
        this.kind = ValueKind.of(oid);
    }

    boolean exact() {
        return rule instanceof Comparison.Exact || rule instanceof Comparison.Ignore;
    }

    Outcome compare(byte @Nullable [] left, byte @Nullable [] right) {
        if (rule instanceof Comparison.Ignore) {
            return Outcome.SAME;
        }
        if (left == null || right == null) {
            return left == null && right == null ? Outcome.SAME : Outcome.DIFFERENT;
        }
        if (BinaryValues.sameValue(oid, left, right)) {
            return Outcome.SAME;
        }
        if (isSame(left, right)) {
            return Outcome.SAME;
        }
        return isTolerated(left, right) ? Outcome.TOLERATED : Outcome.DIFFERENT;
    }

    private boolean isSame(byte[] left, byte[] right) {
        if (rule instanceof Comparison.Instant) {
            Optional<Times.Point> instant = instant(left);
            return instant.isPresent() && instant.equals(instant(right));
        }
        if (rule instanceof Comparison.Json) {
            Optional<Object> value = json(left);
            return value.isPresent() && value.equals(json(right));
        }
        if (rule instanceof Comparison.SetOf) {
            Optional<Set<Object>> elements = elements(left);
            return elements.isPresent() && elements.equals(elements(right));
        }
        return false;
    }

    /** The cause of a difference of which none is known otherwise, where the rule leaves but one; null where it does not. */
    @Nullable
    String cause(byte @Nullable [] left, byte @Nullable [] right) {
        return rule instanceof Comparison.Words && left != null && right != null ? Words.OTHER : null;
    }

    private boolean isTolerated(byte[] left, byte[] right) {
        if (rule instanceof Comparison.Tolerance tolerance) {
            return Numbers.within(tolerance.most(), oid, left, right);
        }
        if (rule instanceof Comparison.TimeTolerance tolerance) {
            long micros = tolerance.most().toMillis() * 1_000;
            return Times.within(micros, Times.of(oid, left), Times.of(oid, right));
        }
        if (rule instanceof Comparison.Words) {
            return Words.areSame(oid, left, right);
        }
        if (rule instanceof Comparison.Volatile changing) {
            return changing.most() == null || Numbers.within(changing.most(), oid, left, right);
        }
        return false;
    }

    private Optional<Times.Point> instant(byte[] field) {
        return kind == ValueKind.TIME ? Optional.of(Times.of(oid, field)) : Times.of(BinaryValues.text(oid, field));
    }

    private Optional<Object> json(byte[] field) {
        return JsonValues.value(BinaryValues.text(oid, field));
    }

    private Optional<Set<Object>> elements(byte[] field) {
        if (kind == ValueKind.ARRAY) {
            return ExactValue.elements(oid, field).map(HashSet::new);
        }
        return json(field)
                .flatMap(value -> value instanceof List<?> list ? Optional.of(new HashSet<>(list)) : Optional.empty());
    }
}
