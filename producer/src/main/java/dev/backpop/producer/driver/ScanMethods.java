package dev.backpop.producer.driver;

import dev.backpop.plan.Comparison;
import dev.backpop.plan.Verification.Method;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.Problem;
import dev.backpop.stores.EntityStores;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which methods an entity can be verified by: refuses one that was asked for and cannot be, rather than take another. */
final class ScanMethods {
    private static final String PLACE = "--method";

    private ScanMethods() {}

    /** @throws InvalidInputException when the entity cannot be looked at in this way, with the reason */
    static void check(@Nullable Method method, EntityStores stores) {
        if (method == null || method == Method.ROWS) {
            return;
        }
        if (stores.legacy().expectedSql().isEmpty()) {
            throw refused(
                    method,
                    stores,
                    "needs PostgreSQL on both sides, which the legacy store is not; give --method rows");
        }
        String inexact = stores.entity().compare().entrySet().stream()
                .filter(rule -> !isExact(rule.getValue()))
                .map(rule -> rule.getKey() + " (" + rule.getValue().text() + ")")
                .sorted()
                .collect(Collectors.joining(", "));
        if (method == Method.DIGESTS && !inexact.isEmpty()) {
            throw refused(
                    method,
                    stores,
                    "compares exactly, and the plan compares otherwise: " + inexact + "; give --method bytes or rows");
        }
    }

    private static boolean isExact(Comparison rule) {
        return rule instanceof Comparison.Exact || rule instanceof Comparison.Ignore;
    }

    private static InvalidInputException refused(Method method, EntityStores stores, String why) {
        return new InvalidInputException(List.of(new Problem(
                PLACE + " " + method.word(), "entity " + stores.entity().name() + ": the method " + why)));
    }
}
