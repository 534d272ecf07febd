package dev.backpop.stores.check;

import dev.backpop.plan.ColumnRule;
import dev.backpop.plan.Comparison;
import dev.backpop.plan.Entity;
import dev.backpop.postgres.SqlFailure;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.row.RowShape;
import dev.backpop.target.TargetCatalogue;
import dev.backpop.target.TargetTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/** Finds an entity's target table, and the columns of the plan that it really has. */
final class TargetLookup {
    private TargetLookup() {}

    /** An entity, less the columns that cannot be written, and the shape of the rest. */
    record Fitting(Entity entity, RowShape shape) {}

    static Optional<TargetTable> table(Connection target, Entity entity, Findings findings) throws SQLException {
        String place = "entities." + entity.name() + ".into.table";
        String name = entity.into().table();
        try {
            Optional<TargetTable> table = TargetCatalogue.table(target, name);
            if (table.isEmpty()) {
                findings.error(
                        place,
                        "the target has no table '" + name + "' that this user may see: create it, or correct the name,"
                                + " its schema and upper case; a view or a foreign table cannot be written");
            }
            return table;
        } catch (IllegalArgumentException e) {
            findings.error(place, String.valueOf(e.getMessage()));
        } catch (SQLException e) {
            if (SqlFailure.of(e) != SqlFailure.PERMANENT) {
                throw e;
            }
            findings.error(
                    place,
                    "the target says: " + SqlFailure.message(e)
                            + ". GRANT USAGE ON SCHEMA … to this user where a right is missing");
        }
        return Optional.empty();
    }

    /** Leaves the columns out that do not fit, with errors; empty when the key does not fit. */
    static Optional<Fitting> fit(TargetTable table, Entity entity, IntPredicate encodes, Findings findings) {
        try {
            return Optional.of(new Fitting(entity, table.shape(entity, encodes)));
        } catch (InvalidInputException e) {
            findings.errors(e, "entities." + entity.name() + ".into");
            Set<String> places =
                    e.problems().stream().map(problem -> problem.place()).collect(Collectors.toSet());
            Entity rest = without(entity, places);
            boolean keyFits = rest.columns().stream()
                            .map(ColumnRule::column)
                            .collect(Collectors.toSet())
                            .containsAll(entity.into().key())
                    && rest.columns().size() < entity.columns().size()
                    && !places.contains("entities." + entity.name() + ".into.key");
            return keyFits ? Optional.of(new Fitting(rest, table.shape(rest, encodes))) : Optional.empty();
        }
    }

    /** The same entity, less the columns at these places. */
    static Entity without(Entity entity, Set<String> places) {
        List<ColumnRule> kept = entity.columns().stream()
                .filter(rule -> !places.contains("entities." + entity.name() + ".columns." + rule.column()))
                .toList();
        Map<String, Comparison> compare = new LinkedHashMap<>(entity.compare());
        compare.keySet().retainAll(kept.stream().map(ColumnRule::column).toList());
        return new Entity(
                entity.name(),
                entity.parents(),
                entity.from(),
                entity.into(),
                kept,
                entity.guard(),
                compare,
                entity.verification());
    }
}
