package dev.backpop.producer.report;

import dev.backpop.campaign.Discrepancy;
import dev.backpop.producer.text.Quantities;
import dev.backpop.producer.text.StoredJson;
import dev.backpop.producer.text.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the terminal and the page say in the same words. */
public final class ReportWords {
    private ReportWords() {}

    /** A label and what stands beside it. */
    public record Line(String term, String text) {}

    /** {@code title (HTML escaping), body; a copy of key […]}, or what is known of a row without columns. */
    public static String what(CampaignReport.Cause cause) {
        String columns = cause.columns().stream()
                .map(column -> column.column() + (column.cause() == null ? "" : " (" + column.cause() + ")"))
                .collect(Collectors.joining(", "));
        String why = cause.cause();
        if (why == null) {
            return columns.isEmpty() ? "no cause is known" : columns;
        }
        return columns.isEmpty() ? why : columns + "; " + why;
    }

    /** {@code case 12, HTML escaping 3}. */
    public static String causes(CampaignReport.Column column) {
        return column.causes().stream()
                .map(count ->
                        (count.cause() == null ? "unknown" : count.cause()) + " " + Quantities.count(count.rows()))
                .collect(Collectors.joining(", "));
    }

    /** Columns whose rule lets differences pass, with how often it did. */
    public static List<Line> rules(CampaignReport report) {
        List<Line> rules = new ArrayList<>();
        for (CampaignReport.Column column : report.columns()) {
            String rule = column.rule();
            String ignored = column.ignored();
            if (ignored != null) {
                rules.add(new Line(column.name(), "not compared: " + ignored));
            } else if ((rule != null && !rule.equals("exact")) || column.tolerated() > 0) {
                rules.add(new Line(
                        column.name(),
                        (rule == null ? "a rule of the plan" : rule) + "; let pass in "
                                + Quantities.count(column.tolerated())
                                + (column.tolerated() == 1 ? " row" : " rows")));
            }
        }
        return rules;
    }

    /** What stands where there is no such rule. */
    public static String noRules(CampaignReport report) {
        return report.columns().stream().anyMatch(column -> column.rule() == null)
                ? "Not known: the plan cannot be read here."
                : "None: every mapped column was compared exactly.";
    }

    /** What was asked for, and of which stores. */
    public static List<Line> coverage(CampaignReport report) {
        List<Line> lines = new ArrayList<>();
        lines.add(new Line("campaign", report.id()));
        lines.add(new Line("keys", report.coverageText()));
        add(lines, "bound", report.bound());
        add(lines, "method", report.method());
        lines.add(new Line("from", report.legacy()));
        lines.add(new Line("into", report.target()));
        add(lines, "plan", report.planProblem());
        add(lines, "reason", report.reason());
        return lines;
    }

    public static List<Line> timings(CampaignReport report) {
        CampaignReport.Timings timings = report.timings();
        List<Line> lines = new ArrayList<>();
        lines.add(new Line("created", report.createdAt() + " by " + report.createdBy()));
        add(lines, "started", report.startedAt() == null ? null : String.valueOf(report.startedAt()));
        add(lines, "ended", report.finishedAt() == null ? null : String.valueOf(report.finishedAt()));
        Double rate = timings.rowsPerSecond();
        if (timings.millis() != null && rate != null) {
            lines.add(new Line(
                    "took",
                    duration(timings.millis()) + ", pauses and holds included: " + Quantities.rate(rate, "rows")));
        }
        lines.add(new Line(
                "chunks",
                Quantities.count(timings.chunks()) + " done by " + Quantities.count(timings.workers())
                        + (timings.workers() == 1 ? " worker" : " workers") + ", "
                        + duration(timings.chunkMillis()) + " together"
                        + (timings.medianChunkMillis() == null
                                ? ""
                                : ", half of them within " + duration(timings.medianChunkMillis()))));
        if (timings.slowestChunk() != null) {
            lines.add(new Line(
                    "slowest",
                    "no. " + timings.slowestChunk() + " of " + Quantities.count(timings.slowestChunkKeys()) + " keys, "
                            + duration(timings.slowestChunkMillis())));
        }
        return lines;
    }

    /** As {@code --ids} has it; {@code -} for none. */
    public static String key(@Nullable JsonNode key) {
        return key == null ? "-" : Text.printable(StoredJson.key(key.toString()));
    }

    /** In quotes, since blanks at an end may be all that differs; cut in the middle; SQL NULL as {@code NULL}. */
    public static String value(@Nullable String value, int longest) {
        return value == null ? "NULL" : Text.cutMiddle(Text.printable('"' + value + '"'), longest);
    }

    /** The legacy value as {@link #value}; empty where the example has no such column. */
    static String legacy(Discrepancy.@Nullable Difference difference, int longest) {
        return difference == null ? "" : value(difference.legacy(), longest);
    }

    static String target(Discrepancy.@Nullable Difference difference, int longest) {
        return difference == null ? "" : value(difference.target(), longest);
    }

    private static String duration(@Nullable Long millis) {
        return millis == null ? "-" : Quantities.duration(Duration.ofMillis(millis));
    }

    private static void add(List<Line> lines, String term, @Nullable String text) {
        if (text != null) {
            lines.add(new Line(term, text));
        }
    }
}
