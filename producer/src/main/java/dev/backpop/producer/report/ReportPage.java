package dev.backpop.producer.report;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.Discrepancy;
import dev.backpop.command.Version;
import dev.backpop.ledger.CampaignCheck;
import dev.backpop.producer.text.Quantities;
import dev.backpop.producer.text.StoredJson;
import dev.backpop.producer.text.Text;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A report as a page that needs nothing but itself: no script, no other file, every value escaped and every character that
 * could reorder or hide text written out. Thread-safe.
 */
final class ReportPage {
    private static final String TEMPLATE = "report.html";
    private static final int LONGEST_VALUE = 300;
    private static final int LONGEST_MESSAGE = 1_000;
    /** More columns than this of one example say no more. */
    private static final int MOST_COLUMNS = 12;

    private final Template template;

    ReportPage() {
        try (InputStream stream = ReportPage.class.getResourceAsStream(TEMPLATE)) {
            if (stream == null) {
                throw new IllegalStateException("the jar has no " + TEMPLATE);
            }
            Reader reader = new InputStreamReader(stream, StandardCharsets.UTF_8);
            // What the page asks for and nobody gives is a mistake of ours, and must not become an empty cell.
            this.template = Mustache.compiler()
                    .escapeHTML(true)
                    .strictSections(true)
                    .emptyStringIsFalse(true)
                    .compile(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The files beside the page.
     *
     * @param ndjson its name
     * @param csv its name
     * @param discrepancies how many keys they hold
     */
    record Files(String ndjson, String csv, long discrepancies) {}

    /** @param files null for none */
    void write(CampaignReport report, @Nullable Files files, Writer writer) {
        template.execute(view(report, files), writer);
    }

    private static Map<String, Object> view(CampaignReport report, @Nullable Files files) {
        Map<String, Object> view = new LinkedHashMap<>();
        boolean verification = report.kind() == CampaignKind.VERIFY;
        String heading = (verification ? "Verification" : capital(report.kind().word())) + " of " + report.entity()
                + ", plan " + report.plan();
        view.put("title", shown(report.verdict().line().split(":", 2)[0] + ": " + heading));
        view.put("heading", shown(heading));
        view.put("verification", verification);
        view.put("verdict", shown(report.verdict().line()));
        view.put("advice", shown(report.verdict().advice()));
        view.put("tone", tone(report));
        SignOffDocument signOff = report.signOff();
        view.put("signOff", signOff == null ? List.of() : signOff(signOff));
        putSum(view, report);
        view.put("hasReasons", !report.reasons().isEmpty());
        view.put(
                "reasons",
                report.reasons().stream()
                        .map(reason -> capital(reason.outcome().word()) + ", " + counted(reason.rows(), "key") + ": "
                                + shown(reason.reason()) + ", such as key "
                                + Text.printable(StoredJson.key(reason.example())))
                        .toList());
        view.put("hasCauses", !report.causes().isEmpty());
        view.put("causes", report.causes().stream().map(ReportPage::cause).toList());
        view.put("others", report.keysOfOtherCauses() == 0 ? "" : counted(report.keysOfOtherCauses(), "further key"));
        view.put("files", files == null ? List.of() : List.of(files(files)));
        view.put("columns", report.columns().stream().map(ReportPage::column).toList());
        putLines(view, "rules", ReportWords.rules(report), "column");
        view.put("hasRules", !ReportWords.rules(report).isEmpty());
        view.put("noRules", ReportWords.noRules(report));
        view.put("hasBusy", report.busy() > 0);
        view.put("busyText", busyText(report));
        view.put("busiest", report.busiest().stream().map(ReportPage::busy).toList());
        view.put("hasChecks", !report.checks().isEmpty());
        view.put("checks", report.checks().stream().map(ReportPage::check).toList());
        view.put("hasRejects", !report.rejects().isEmpty());
        view.put(
                "rejectsCaption",
                verification
                        ? "Rows that backfills of this entity refused, whatever became of them since"
                        : "Rows that this campaign refused, by cause");
        view.put("rejects", report.rejects().stream().map(ReportPage::rejects).toList());
        putLines(view, "coverage", ReportWords.coverage(report), "term");
        putLines(view, "timings", ReportWords.timings(report), "term");
        view.put("hasErrors", !report.chunkErrors().isEmpty());
        view.put(
                "errors",
                report.chunkErrors().stream()
                        .map(group -> counted(group.chunks(), "chunk") + ", the first no. " + group.firstChunk() + ": "
                                + shown(group.error()))
                        .toList());
        view.put(
                "footer",
                "Backpop " + Version.current() + "; as the ledger had it at " + report.asOf() + ". Times are UTC.");
        return view;
    }

    private static void putSum(Map<String, Object> view, CampaignReport report) {
        CampaignReport.Sum sum = report.sum();
        view.put("sumText", sum.text());
        view.put("enumerated", Quantities.count(sum.enumerated()));
        view.put("addsUp", sum.addsUp());
        long accounted =
                sum.terms().stream().mapToLong(CampaignReport.Term::rows).sum();
        view.put("accounted", Quantities.count(accounted));
        view.put(
                "terms",
                sum.terms().stream()
                        .map(term -> Map.of(
                                "word",
                                term.word(),
                                "rows",
                                Quantities.count(term.rows()),
                                "share",
                                Quantities.percent(term.rows(), accounted),
                                "width",
                                width(term.rows(), accounted)))
                        .toList());
        view.put("unexpected", sum.unexpected() == 0 ? "" : counted(sum.unexpected(), "key"));
    }

    /** Of a bar: nothing for nothing, and something to see for however little. */
    private static String width(long part, long whole) {
        return part == 0 || whole == 0 ? "0" : String.format(Locale.ROOT, "max(1px, %.2f%%)", 100.0 * part / whole);
    }

    private static String tone(CampaignReport report) {
        if (report.verdict().clean() || report.verdict().canSwitch()) {
            return "good";
        }
        return report.state().ended() ? "bad" : "wait";
    }

    private static List<String> signOff(SignOffDocument signOff) {
        List<String> lines = new ArrayList<>();
        String note = signOff.note();
        lines.add(shown((signOff.valid() ? "Signed off by " : "Was signed off, which does not hold any more, by ")
                + signOff.signedBy() + " at " + signOff.signedAt()
                + (signOff.valid() ? ", valid until " + signOff.validUntil() : "")
                + (signOff.tolerated().isEmpty() ? "" : ", tolerating " + String.join(", ", signOff.tolerated()))
                + (note == null ? "" : ": " + note)));
        signOff.stale().forEach(reason -> lines.add(shown("Stale: " + reason)));
        return lines;
    }

    private static Map<String, Object> cause(CampaignReport.Cause cause) {
        List<Map<String, Object>> lines = new ArrayList<>();
        for (CampaignReport.Example example : cause.examples()) {
            List<Discrepancy.@Nullable Difference> differences = new ArrayList<>(example.columns());
            if (differences.isEmpty()) {
                differences.add(null);
            }
            int shown = Math.min(MOST_COLUMNS, differences.size());
            for (int i = 0; i < shown; i++) {
                Discrepancy.Difference difference = differences.get(i);
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("first", lines.isEmpty());
                line.put("opens", i == 0);
                line.put("keySpan", shown);
                line.put("key", ReportWords.key(example.key()));
                line.put("column", difference == null ? "" : shown(difference.column()));
                line.put("legacy", ReportWords.legacy(difference, LONGEST_VALUE));
                line.put("target", ReportWords.target(difference, LONGEST_VALUE));
                lines.add(line);
            }
        }
        return Map.of(
                "lines",
                lines,
                "span",
                lines.size(),
                "keys",
                Quantities.count(cause.keys()),
                "kind",
                cause.kind().word(),
                "what",
                shown(ReportWords.what(cause)));
    }

    private static Map<String, Object> files(Files files) {
        return Map.of(
                "ndjson",
                files.ndjson(),
                "csv",
                files.csv(),
                "keys",
                counted(files.discrepancies(), "key") + ", resolved ones included");
    }

    private static Map<String, Object> column(CampaignReport.Column column) {
        String rule = column.rule();
        boolean ignored = column.ignored() != null;
        return Map.of(
                "name",
                shown(column.name()),
                "rule",
                ignored ? "not compared" : rule == null ? "not known here" : shown(rule),
                "compared",
                Quantities.count(column.compared()),
                "differing",
                Quantities.count(column.differing()),
                "tolerated",
                Quantities.count(column.tolerated()),
                "causes",
                shown(ReportWords.causes(column)));
    }

    private static Map<String, Object> busy(CampaignReport.Busy busy) {
        return Map.of(
                "key",
                ReportWords.key(busy.key()),
                "kind",
                busy.kind().word(),
                "looks",
                Quantities.count(busy.looks()),
                "columns",
                shown(String.join(", ", busy.columns())));
    }

    private static String busyText(CampaignReport report) {
        return counted(report.busy(), "row")
                + (report.state().ended() ? " changed at every look" : " to be looked at again")
                + (report.busiest().size() < report.busy() ? ", of which these were looked at most often" : "");
    }

    private static Map<String, Object> check(CampaignCheck check) {
        boolean bad = check.state() == CampaignCheck.State.FAILED || check.state() == CampaignCheck.State.UNKNOWN;
        return Map.of(
                "name",
                shown(check.name()),
                "subject",
                shown(check.subject()),
                "state",
                check.state().word(),
                "tone",
                bad ? "failed" : check.state() == CampaignCheck.State.PASSED ? "passed" : "",
                "message",
                shown(check.message()));
    }

    private static Map<String, Object> rejects(CampaignReport.Rejects rejects) {
        String at = rejects.at();
        String sqlstate = rejects.sqlstate();
        return Map.of(
                "rows",
                Quantities.count(rejects.rows()),
                "state",
                rejects.state().word(),
                "stage",
                rejects.stage().word(),
                "sqlstate",
                sqlstate == null ? "" : sqlstate,
                "at",
                at == null ? "" : shown(at),
                "key",
                ReportWords.key(rejects.exampleKey()),
                "message",
                Text.cutMiddle(shown(rejects.exampleMessage()), LONGEST_MESSAGE),
                "campaign",
                rejects.campaign());
    }

    private static void putLines(Map<String, Object> view, String name, List<ReportWords.Line> lines, String termName) {
        view.put(
                name,
                lines.stream()
                        .map(line -> Map.of(termName, shown(line.term()), "text", shown(line.text())))
                        .toList());
    }

    private static String counted(long count, String what) {
        return Quantities.count(count) + " " + what + (count == 1 ? "" : "s");
    }

    private static String shown(String text) {
        return Text.printable(text);
    }

    private static String capital(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }
}
