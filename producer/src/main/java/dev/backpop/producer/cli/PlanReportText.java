package dev.backpop.producer.cli;

import dev.backpop.producer.text.Quantities;
import dev.backpop.stores.check.EntityReport;
import dev.backpop.stores.check.Finding;
import dev.backpop.stores.check.PlanReport;
import dev.backpop.stores.check.Severity;
import java.util.ArrayList;
import java.util.List;

/** A plan's report as people and programs read it. */
final class PlanReportText {
    private PlanReportText() {}

    /**
     * One line a finding, then how many there are and what to run next.
     *
     * @param path the plan's path as it was typed
     */
    static List<String> lines(PlanReport report, String path) {
        List<String> lines = new ArrayList<>();
        report.findings().forEach(finding -> lines.add(line("target", finding)));
        for (EntityReport entity : report.entities()) {
            entity.findings().forEach(finding -> lines.add(line(entity.entity(), finding)));
        }
        lines.add(summary(report));
        lines.add(
                report.errors() > 0
                        ? "next: correct the errors, then run: backpop plan check " + path
                        : "next: backpop backfill " + path);
        return lines;
    }

    /** What a program wants to act on: a plan without findings has an empty list. */
    static PlanReport withoutOk(PlanReport report) {
        return new PlanReport(
                report.plan(),
                withoutOk(report.findings()),
                report.entities().stream()
                        .map(entity -> new EntityReport(entity.entity(), entity.keys(), withoutOk(entity.findings())))
                        .toList(),
                report.errors(),
                report.warnings());
    }

    private static List<Finding> withoutOk(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> finding.severity() != Severity.OK)
                .toList();
    }

    private static String line(String subject, Finding finding) {
        return switch (finding.severity()) {
            case OK -> "ok    " + subject + ": " + finding.message();
            case NOTE -> "note  " + finding.place() + ": " + finding.message();
            case WARNING -> "warn  " + finding.place() + ": " + finding.message();
            case ERROR -> "error " + finding.place() + ": " + finding.message();
        };
    }

    private static String summary(PlanReport report) {
        return "plan " + report.plan() + ": " + counted(report.entities().size(), "entity", "entities") + ", "
                + counted(report.errors(), "error", "errors") + ", "
                + counted(report.warnings(), "warning", "warnings");
    }

    private static String counted(long count, String one, String many) {
        return Quantities.count(count) + " " + (count == 1 ? one : many);
    }
}
