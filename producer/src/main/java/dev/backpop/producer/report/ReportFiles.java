package dev.backpop.producer.report;

import dev.backpop.ledger.Ledger;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A report as files: the page, and every discrepancy beside it. */
public final class ReportFiles {
    private ReportFiles() {}

    /**
     * Where everything was written.
     *
     * @param discrepancies how many keys the two files beside the page hold
     */
    public record Written(Path html, Path ndjson, Path csv, long discrepancies) {}

    /**
     * Writes the page, and beside it all discrepancies as {@code NAME.discrepancies.ndjson} and {@code .csv}; what was there
     * is replaced, each file as a whole. The page comes last.
     *
     * @throws dev.backpop.problem.InvalidInputException when nothing can be written there
     */
    public static Written write(Ledger ledger, CampaignReport report, Path html) {
        String name = String.valueOf(html.getFileName()).replaceFirst("(?i)\\.html?$", "");
        Path ndjson = html.resolveSibling(name + ".discrepancies.ndjson");
        Path csv = html.resolveSibling(name + ".discrepancies.csv");
        long keys = DiscrepancyFiles.write(ledger, report.id(), ndjson, csv);
        try (NewFile page = new NewFile(html)) {
            new ReportPage().write(report, new ReportPage.Files(link(ndjson), link(csv), keys), page.writer());
            page.keep();
        }
        return new Written(html, ndjson, csv, keys);
    }

    /** A file's name as a reference from the page beside it. */
    private static String link(Path file) {
        return "./"
                + URLEncoder.encode(String.valueOf(file.getFileName()), StandardCharsets.UTF_8)
                        .replace("+", "%20");
    }
}
