package dev.backpop.producer.cli;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.Discrepancy;
import dev.backpop.ledger.CampaignCheck;
import dev.backpop.producer.report.CampaignReport;
import dev.backpop.producer.report.ReportWords;
import dev.backpop.producer.report.SignOffDocument;
import dev.backpop.producer.text.Quantities;
import dev.backpop.producer.text.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A report as a terminal shows it. */
final class ReportText {
    private static final int LABEL = 12;
    private static final int LONGEST = 60;
    private static final int LONGEST_MESSAGE = 160;
    private static final int MOST_CAUSES = 20;

    private final Output output;

    ReportText(Output output) {
        this.output = output;
    }

    void print(CampaignReport report) {
        output.line(report.verdict().line());
        output.line(report.verdict().advice());
        printSignOff(report.signOff());
        output.line("");
        line("what", report.kind().word() + " of " + report.entity() + ", plan " + report.plan());
        line("sum", report.sum().text());
        if (report.sum().unexpected() > 0) {
            line("unexpected", Quantities.count(report.sum().unexpected()) + ", beside the sum");
        }
        report.reasons().forEach(reason -> line(reason.outcome().word(), CampaignWords.reason(reason)));
        ReportWords.coverage(report).forEach(this::line);
        if (report.kind() == CampaignKind.VERIFY) {
            printCauses(report);
            printColumns(report);
            printBusy(report);
            printChecks(report.checks());
        }
        printRejects(report.rejects());
        output.line("");
        ReportWords.timings(report).forEach(this::line);
        report.chunkErrors()
                .forEach(group -> line(
                        "failed",
                        CampaignWords.counted(group.chunks(), "chunk") + ": "
                                + Text.cutMiddle(Text.printable(group.error()), LONGEST_MESSAGE)));
    }

    private void printSignOff(@Nullable SignOffDocument signOff) {
        if (signOff != null) {
            output.line((signOff.valid() ? "Signed off by " : "Was signed off, which does not hold any more, by ")
                    + signOff.signedBy() + " at " + signOff.signedAt());
            signOff.stale().forEach(reason -> output.line("  " + reason));
        }
    }

    private void printCauses(CampaignReport report) {
        if (report.causes().isEmpty()) {
            return;
        }
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (CampaignReport.Cause cause :
                report.causes().stream().limit(MOST_CAUSES).toList()) {
            CampaignReport.Example example = cause.examples().get(0);
            Discrepancy.Difference difference =
                    example.columns().isEmpty() ? null : example.columns().get(0);
            rows.add(Arrays.asList(
                    cause.keys(),
                    cause.kind().word(),
                    Text.cutMiddle(ReportWords.what(cause), LONGEST),
                    Text.cutMiddle(ReportWords.key(example.key()), LONGEST),
                    difference == null ? null : ReportWords.value(difference.legacy(), LONGEST),
                    difference == null ? null : ReportWords.value(difference.target(), LONGEST)));
        }
        output.line("");
        output.table(
                List.of("keys", "kind", "columns and causes", "example key", "legacy value", "target value"), rows);
        long shown = report.causes().stream()
                .limit(MOST_CAUSES)
                .mapToLong(CampaignReport.Cause::keys)
                .sum();
        long all =
                report.causes().stream().mapToLong(CampaignReport.Cause::keys).sum() + report.keysOfOtherCauses();
        if (shown < all) {
            output.line(Quantities.count(all - shown) + " keys of other causes; all with: backpop discrepancies "
                    + report.id() + " --all");
        }
    }

    private void printColumns(CampaignReport report) {
        output.line("");
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (CampaignReport.Column column : report.columns()) {
            String rule = column.rule();
            rows.add(Arrays.asList(
                    column.name(),
                    rule == null ? null : Text.cutMiddle(rule, LONGEST),
                    column.compared(),
                    column.differing(),
                    column.tolerated(),
                    column.causes().isEmpty() ? null : Text.cutMiddle(ReportWords.causes(column), LONGEST_MESSAGE)));
        }
        if (!rows.isEmpty()) {
            output.table(List.of("column", "compared by", "compared", "differing", "tolerated", "causes"), rows);
        }
        List<ReportWords.Line> rules = ReportWords.rules(report);
        if (rules.isEmpty()) {
            line("tolerated", ReportWords.noRules(report));
        }
        rules.forEach(rule -> line("tolerated", rule.term() + ": " + rule.text()));
    }

    private void printBusy(CampaignReport report) {
        if (report.busy() == 0) {
            return;
        }
        output.line("");
        line("busy", CampaignWords.counted(report.busy(), "row"));
        List<List<@Nullable Object>> rows = new ArrayList<>();
        report.busiest()
                .forEach(busy -> rows.add(Arrays.asList(
                        Text.cutMiddle(ReportWords.key(busy.key()), LONGEST),
                        busy.kind().word(),
                        busy.looks(),
                        String.join(", ", busy.columns()))));
        if (!rows.isEmpty()) {
            output.table(List.of("busy key", "last seen as", "looks", "columns"), rows);
        }
    }

    private void printChecks(List<CampaignCheck> checks) {
        if (!checks.isEmpty()) {
            output.line("");
            output.table(
                    List.of("check", "of", "result", "what was found"),
                    checks.stream()
                            .map(check -> List.of(
                                    check.name(),
                                    check.subject(),
                                    check.state().word(),
                                    Text.cutMiddle(Text.printable(check.message()), LONGEST_MESSAGE)))
                            .toList());
        }
    }

    private void printRejects(List<CampaignReport.Rejects> rejects) {
        if (rejects.isEmpty()) {
            return;
        }
        List<List<@Nullable Object>> rows = new ArrayList<>();
        rejects.forEach(group -> rows.add(Arrays.asList(
                group.campaign(),
                group.state().word(),
                group.sqlstate(),
                group.at(),
                group.rows(),
                Text.cutMiddle(ReportWords.key(group.exampleKey()), LONGEST),
                Text.cutMiddle(Text.printable(group.exampleMessage()), LONGEST_MESSAGE))));
        output.line("");
        output.table(
                List.of("rejects of", "state", "sqlstate", "constraint or column", "rows", "example key", "message"),
                rows);
    }

    private void line(ReportWords.Line line) {
        line(line.term(), line.text());
    }

    private void line(String label, String text) {
        output.line(label + " ".repeat(Math.max(1, LABEL - label.length())) + text);
    }
}
