package dev.backpop.stores.check;

import dev.backpop.legacy.jdbc.LegacyQuery;
import dev.backpop.legacy.jdbc.LegacyRelation;
import dev.backpop.plan.ColumnRule;
import dev.backpop.plan.Entity;
import dev.backpop.plan.Guard;
import dev.backpop.postgres.KeyConditions;
import dev.backpop.postgres.SqlFailure;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.row.RowShape;
import dev.backpop.stores.check.TargetLookup.Fitting;
import dev.backpop.target.TargetColumn;
import dev.backpop.target.TargetTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether an entity fits its legacy database, and its values the target. For one thread. */
final class LegacyCheck {
    /** Aggregates, window functions, and functions that give many rows, none of which a condition may hold. */
    private static final Set<String> NOT_OF_ONE_ROW = Set.of("42803", "42P20", "0A000");

    private final Connection legacy;
    private final Connection target;
    private final Findings findings;
    private final boolean measure;

    LegacyCheck(Connection legacy, Connection target, Findings findings, boolean measure) {
        this.legacy = legacy;
        this.target = target;
        this.findings = findings;
        this.measure = measure;
    }

    /** Checks as much as can be when the target's side is not known. */
    void withoutTarget(Entity entity) throws SQLException {
        LegacyRelation relation = relation(entity);
        if (relation != null) {
            refusedPlaces(entity, relation);
        }
    }

    /** @return how many keys there are; null when that is not known */
    @Nullable
    Long check(Entity whole, TargetTable table, Fitting fitting) throws SQLException {
        LegacyRelation relation = relation(whole);
        if (relation == null) {
            return null;
        }
        String place = "entities." + whole.name();
        Set<String> bad = refusedPlaces(whole, relation);
        Entity entity = fitting.entity();
        List<MeasuredColumn> columns = new ArrayList<>();
        for (int i = 0; i < entity.columns().size(); i++) {
            ColumnRule rule = entity.columns().get(i);
            String columnPlace = place + ".columns." + rule.column();
            Optional<TargetColumn> column = table.column(rule.column());
            boolean isKey = entity.into().key().contains(rule.column());
            if (bad.contains(columnPlace) || column.isEmpty() || (isKey && bad.contains(place + ".from.key"))) {
                continue;
            }
            TypeFit fit = new TypeFit(legacy, target, relation, findings);
            List<Measure> measures = new ArrayList<>();
            if (!isKey
                    && !fit.check(
                            columnPlace,
                            rule,
                            column.get(),
                            fitting.shape().columns().get(i).type(),
                            measures)) {
                bad.add(columnPlace);
                continue;
            }
            if (isKey) {
                int source = LegacyType.of(legacy, relation, relation.sql(rule.expression()))
                        .oid();
                measures.addAll(Lossy.measures(
                        columnPlace,
                        relation.sql(rule.expression()),
                        source,
                        column.get().type()));
            }
            nulls(columnPlace, entity, rule, column.get(), relation, isKey, measures);
            columns.add(new MeasuredColumn(columnPlace, relation.sql(rule.expression()), measures));
        }
        boolean keyFits = resolves(TargetLookup.without(entity, bad), fitting, bad, place);
        if (bad.contains(place + ".from.key")) {
            return null;
        }
        List<String> keys = entity.from().key().stream().map(relation::sql).toList();
        KeyConditions key = new KeyConditions(keys, fitting.shape().key());
        LegacyKeys legacyKeys = new LegacyKeys(legacy, entity, relation, keys, key, findings);
        return legacyKeys.check(measure, columns, keyFits);
    }

    private @Nullable LegacyRelation relation(Entity entity) throws SQLException {
        try {
            return LegacyRelation.of(legacy, entity);
        } catch (InvalidInputException e) {
            findings.errors(e, "entities." + entity.name() + ".from");
        } catch (IllegalArgumentException e) {
            findings.error("entities." + entity.name() + ".from.table", String.valueOf(e.getMessage()));
        }
        return null;
    }

    private Set<String> refusedPlaces(Entity entity, LegacyRelation relation) throws SQLException {
        String place = "entities." + entity.name();
        Set<String> refused = new HashSet<>();
        for (String text : entity.from().key()) {
            refused(place + ".from.key", text, relation, refused);
        }
        for (ColumnRule rule : entity.columns()) {
            if (!entity.into().key().contains(rule.column())) {
                refused(place + ".columns." + rule.column(), rule.expression(), relation, refused);
            }
        }
        return refused;
    }

    private void refused(String place, String text, LegacyRelation relation, Set<String> refused) throws SQLException {
        String sql = relation.sql(text);
        Optional<String> reason = relation.refusal(legacy, sql);
        if (reason.isEmpty()) {
            reason = moreThanOneRow(relation, sql);
        }
        if (reason.isPresent()) {
            findings.error(place, reason.get());
            refused.add(place);
        }
    }

    private Optional<String> moreThanOneRow(LegacyRelation relation, String sql) throws SQLException {
        try (Statement statement = legacy.createStatement()) {
            statement
                    .executeQuery(relation.select("1", "(" + sql + ") IS NULL AND false"))
                    .close();
        } catch (SQLException e) {
            if (SqlFailure.of(e) == SqlFailure.UNAVAILABLE) {
                throw e;
            }
            if (NOT_OF_ONE_ROW.contains(SqlFailure.root(e).getSQLState())) {
                return Optional.of("is not the value of one row (" + SqlFailure.message(e)
                        + "), and rows are read in chunks: put it into a query or a view that gives one row a key");
            }
        }
        return Optional.empty();
    }

    private static void nulls(
            String place,
            Entity entity,
            ColumnRule rule,
            TargetColumn column,
            LegacyRelation relation,
            boolean isKey,
            List<Measure> measures) {
        String condition = relation.sql(rule.expression()) + " IS NULL";
        if (column.notNull() && !isKey) {
            measures.add(new Measure(
                    place,
                    condition,
                    "NULL",
                    (rows, worst, key) -> rows + " row(s) have NULL here, which the target's NOT NULL column refuses"
                            + " (key " + key + "); they will become rejects: write coalesce(…, …), or allow NULL"));
        } else if (entity.guard() instanceof Guard.Version version
                && version.into().equals(rule.column())) {
            measures.add(new Measure(
                    place,
                    condition,
                    "NULL",
                    (rows, worst, key) -> rows + " row(s) have no version (key " + key
                            + "), and will never overwrite what the target has: write coalesce(…, …) with an early"
                            + " value"));
        }
    }

    /** Whether the start of a campaign would take the key; says what else it would say. */
    private boolean resolves(Entity rest, Fitting fitting, Set<String> bad, String place) throws SQLException {
        if (bad.contains(place + ".from.key")) {
            return false;
        }
        List<String> kept = rest.columns().stream().map(ColumnRule::column).toList();
        var columns = fitting.shape().columns().stream()
                .filter(column -> kept.contains(column.name()))
                .toList();
        var names = columns.stream().map(column -> column.name()).toList();
        var indexes = rest.into().key().stream().map(names::indexOf).toList();
        try {
            LegacyQuery.resolve(
                    legacy, rest, new RowShape(columns, indexes, fitting.shape().key()));
            return true;
        } catch (InvalidInputException e) {
            findings.errors(e, place);
            return e.problems().stream().noneMatch(problem -> problem.place().endsWith(".from.key"));
        }
    }
}
