package dev.backpop.compare;

import dev.backpop.plan.Comparison;
import dev.backpop.plan.Entity;
import dev.backpop.problem.Problem;
import dev.backpop.row.ColumnType;
import dev.backpop.row.RowShape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the rules by which an entity's columns are compared fit the types of the target's columns. */
public final class RuleFit {
    private RuleFit() {}

    /** One problem for each column whose rule says nothing about values of its type; empty when all fit. */
    public static List<Problem> problems(Entity entity, RowShape shape) {
        List<Problem> problems = new ArrayList<>();
        for (RowShape.Column column : shape.columns()) {
            Comparison rule = entity.comparison(column.name());
            String message = problem(rule, column.type());
            if (message != null) {
                problems.add(new Problem("entities." + entity.name() + ".compare." + column.name(), message));
            }
        }
        return problems;
    }

    /** Null when the rule fits. */
    static @Nullable String problem(Comparison rule, ColumnType type) {
        ValueKind kind = ValueKind.of(type);
        if (rule instanceof Comparison.Tolerance && kind != ValueKind.NUMBER) {
            return wrong(
                    rule,
                    type,
                    "numbers",
                    kind == ValueKind.TIME
                            ? "write the tolerance as a time, such as { tolerance: 1ms }"
                            : "leave the rule out, or compare by another one");
        }
        if (rule instanceof Comparison.TimeTolerance && kind != ValueKind.TIME) {
            return wrong(
                    rule,
                    type,
                    "dates and times",
                    kind == ValueKind.NUMBER
                            ? "write the tolerance as a number, such as { tolerance: 0.01 }"
                            : "leave the rule out, or compare by another one");
        }
        if (rule instanceof Comparison.Volatile changing && changing.most() != null && kind != ValueKind.NUMBER) {
            return wrong(rule, type, "numbers", "write volatile without a number, which lets any two values pass");
        }
        if (rule instanceof Comparison.Instant && kind != ValueKind.TIME && kind != ValueKind.TEXT) {
            return wrong(rule, type, "times, or texts that hold them", "leave the rule out");
        }
        if (rule instanceof Comparison.Json && kind != ValueKind.JSON && kind != ValueKind.TEXT) {
            return wrong(rule, type, "json, jsonb, or texts that hold JSON", "leave the rule out");
        }
        if (rule instanceof Comparison.Words && kind != ValueKind.TEXT) {
            return wrong(rule, type, "texts", "leave the rule out, or compare by another one");
        }
        boolean hasElements = kind == ValueKind.ARRAY || kind == ValueKind.JSON || kind == ValueKind.TEXT;
        if (rule instanceof Comparison.SetOf && (!hasElements || isForeignArray(type))) {
            return wrong(rule, type, "arrays of built-in types, and JSON that is an array", "leave the rule out");
        }
        return null;
    }

    /** An array whose elements the other side may not know, so that it travels as one text. */
    private static boolean isForeignArray(ColumnType type) {
        return type.viaText() && type.sqlName().endsWith("[]");
    }

    private static String wrong(Comparison rule, ColumnType type, String what, String next) {
        return "rule '" + rule.text() + "' compares " + what + ", and the target's column is of type " + type.declared()
                + ": " + next;
    }
}
