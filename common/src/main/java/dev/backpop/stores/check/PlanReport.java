package dev.backpop.stores.check;

import java.util.List;

/**
 * What was found about a plan.
 *
 * @param findings those about the target database as a whole
 * @param errors how many findings keep campaigns from running
 * @param warnings how many findings want a look
 */
public record PlanReport(String plan, List<Finding> findings, List<EntityReport> entities, long errors, long warnings) {
    public PlanReport {
        findings = List.copyOf(findings);
        entities = List.copyOf(entities);
    }

    static PlanReport of(String plan, List<Finding> findings, List<EntityReport> entities) {
        return new PlanReport(
                plan,
                findings,
                entities,
                count(findings, entities, Severity.ERROR),
                count(findings, entities, Severity.WARNING));
    }

    private static long count(List<Finding> findings, List<EntityReport> entities, Severity severity) {
        return findings.stream()
                        .filter(finding -> finding.severity() == severity)
                        .count()
                + entities.stream()
                        .flatMap(entity -> entity.findings().stream())
                        .filter(finding -> finding.severity() == severity)
                        .count();
    }
}
