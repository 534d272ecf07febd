package dev.backpop.stores.check;

import dev.backpop.compare.RuleFit;
import dev.backpop.legacy.Legacy;
import dev.backpop.legacy.jdbc.JdbcLegacy;
import dev.backpop.plan.Entity;
import dev.backpop.plan.Plan;
import dev.backpop.postgres.SqlFailure;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.stores.check.TargetLookup.Fitting;
import dev.backpop.target.TargetTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks one entity after the other on both sides. For one thread. */
final class EntityCheck {
    private final Plan plan;
    private final Connection target;
    private final Legacy legacy;
    private final Map<String, TargetTable> tables;
    private final Findings findings;
    private final boolean measure;

    EntityCheck(
            Plan plan,
            Connection target,
            Legacy legacy,
            Map<String, TargetTable> tables,
            Findings findings,
            boolean measure) {
        this.plan = plan;
        this.target = target;
        this.legacy = legacy;
        this.tables = tables;
        this.findings = findings;
        this.measure = measure;
    }

    /** @return how many keys the legacy side has; null when that is not known */
    @Nullable
    Long check(Entity entity) throws SQLException {
        TargetTable table = tables.get(entity.name());
        Fitting fitting = null;
        if (table != null) {
            fitting = TargetLookup.fit(table, entity, legacy::encodes, findings).orElse(null);
            TargetTableCheck tableCheck = new TargetTableCheck(target, table, entity, findings);
            tableCheck.check();
            sharedTable(entity, table);
            String place = "entities." + entity.name() + ".into.table";
            findings.group(place, () -> TargetRights.check(target, table, entity, findings));
            findings.group(place, () -> new ForeignKeys(plan, tables, findings).check(target, entity, table));
            if (fitting != null) {
                new TargetTableCheck(target, table, fitting.entity(), findings).guard();
                RuleFit.problems(fitting.entity(), fitting.shape())
                        .forEach(problem -> findings.error(problem.place(), problem.message()));
            }
        }
        if (legacy instanceof JdbcLegacy database) {
            return database(database, entity, table, fitting);
        }
        return fitting == null ? null : file(fitting);
    }

    private @Nullable Long database(
            JdbcLegacy database, Entity entity, @Nullable TargetTable table, @Nullable Fitting fitting) {
        try (Connection connection = database.pool().connection()) {
            LegacyCheck check = new LegacyCheck(connection, target, findings, measure);
            if (table == null || fitting == null) {
                check.withoutTarget(entity);
                return null;
            }
            return check.check(entity, table, fitting);
        } catch (SQLException e) {
            SqlFailure failure = SqlFailure.of(e);
            if (failure == SqlFailure.PERMANENT || failure == SqlFailure.ROW) {
                findings.error(
                        "entities." + entity.name() + ".from",
                        "the legacy database refuses to be asked: " + SqlFailure.message(e));
                return null;
            }
            throw database.pool().unreachable(e);
        }
    }

    private @Nullable Long file(Fitting fitting) {
        String place = "entities." + fitting.entity().name() + ".from";
        try {
            Optional<Long> keys =
                    legacy.entity(fitting.entity(), fitting.shape()).estimatedKeys();
            keys.ifPresent(count -> findings.ok(
                    place + ".key",
                    count + " keys by "
                            + String.join(", ", fitting.entity().from().key())));
            return keys.orElse(null);
        } catch (InvalidInputException e) {
            findings.errors(e, place);
            return null;
        }
    }

    private void sharedTable(Entity entity, TargetTable table) {
        tables.forEach((other, otherTable) -> {
            if (!other.equals(entity.name()) && otherTable.sqlName().equals(table.sqlName())) {
                findings.warning(
                        "entities." + entity.name() + ".into.table",
                        "entity '" + other
                                + "' writes this table too: where both have a key, the later one decides, and"
                                + " verification finds the other's rows unexpected");
            }
        });
    }
}
