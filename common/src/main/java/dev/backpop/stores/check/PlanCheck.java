package dev.backpop.stores.check;

import dev.backpop.health.Reading;
import dev.backpop.health.TargetHealth;
import dev.backpop.health.Watch;
import dev.backpop.legacy.LegacyUnavailableException;
import dev.backpop.plan.Entity;
import dev.backpop.plan.HoldThreshold;
import dev.backpop.plan.Plan;
import dev.backpop.plan.PlanLines;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.problem.StoreUnreachableException;
import dev.backpop.stores.PlanStores;
import dev.backpop.target.TargetTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks a plan against both of its stores. Changes neither; files get their sorted copies. */
public final class PlanCheck {
    private static final int SESSIONS = 2;

    private PlanCheck() {}

    /**
     * Looks at everything and says all that it finds.
     *
     * @param file what places call the plan's file
     * @param measure whether the legacy rows are read, once an entity, to find values that do not fit
     * @throws StoreUnreachableException when a store cannot be reached, naming both if neither can
     */
    public static PlanReport run(Plan plan, String file, PostgresPool target, boolean measure) {
        try (PlanStores stores = PlanStores.open(plan, target, "plan check", SESSIONS)) {
            reach(target, stores);
            PlanLines lines = PlanLines.of(plan.text(), file);
            return run(plan, target, stores, lines, measure, health(plan, target));
        }
    }

    /** Thresholds that campaigns would not hold by, since this user cannot see what they need. */
    private static Set<Reading.Unknown> health(Plan plan, PostgresPool target) {
        List<Watch> watches = plan.entities().stream()
                .map(entity ->
                        new Watch(entity.name(), plan.holds(), entity.into().table()))
                .toList();
        return new TargetHealth(target)
                .look(watches).values().stream()
                        .flatMap(List::stream)
                        .filter(Reading.Unknown.class::isInstance)
                        .map(Reading.Unknown.class::cast)
                        .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static PlanReport run(
            Plan plan,
            PostgresPool target,
            PlanStores stores,
            PlanLines lines,
            boolean measure,
            Set<Reading.Unknown> unknown) {
        try (Connection connection = target.connection()) {
            Findings whole = new Findings(lines);
            TargetDatabase.check(connection, whole);
            // A query that does not run is the plan's own mistake.
            unknown.forEach(reading -> whole.add(
                    reading.threshold() == HoldThreshold.QUERY ? Severity.WARNING : Severity.NOTE,
                    "holds." + reading.threshold().word(),
                    "is not known, so campaigns do not hold by it: " + reading.why()));
            Map<String, Findings> findings = new LinkedHashMap<>();
            Map<String, TargetTable> tables = new LinkedHashMap<>();
            for (Entity entity : plan.entities()) {
                Findings own = new Findings(lines);
                findings.put(entity.name(), own);
                TargetLookup.table(connection, entity, own).ifPresent(table -> tables.put(entity.name(), table));
            }
            List<EntityReport> reports = new ArrayList<>();
            for (Entity entity : plan.entities()) {
                Findings own = findings.getOrDefault(entity.name(), whole);
                Long keys = new EntityCheck(plan, connection, stores.legacy(), tables, own, measure).check(entity);
                reports.add(new EntityReport(entity.name(), keys, own.found()));
            }
            return PlanReport.of(plan.name(), whole.found(), reports);
        } catch (SQLException e) {
            throw target.unreachable(e);
        }
    }

    private static void reach(PostgresPool target, PlanStores stores) {
        // Each waits for its own timeout; nobody should wait for both.
        CompletableFuture<@Nullable String> other = CompletableFuture.supplyAsync(() -> reason(stores.legacy()::check));
        String first = reason(target::check);
        String second = other.join();
        if (first != null && second != null) {
            throw new StoreUnreachableException(first + "\n" + second);
        }
        if (first != null || second != null) {
            throw new StoreUnreachableException(String.valueOf(first == null ? second : first));
        }
    }

    private static @Nullable String reason(Runnable reaching) {
        try {
            reaching.run();
            return null;
        } catch (StoreUnreachableException | LegacyUnavailableException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
