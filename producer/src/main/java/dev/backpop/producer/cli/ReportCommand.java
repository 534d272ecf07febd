package dev.backpop.producer.cli;

import dev.backpop.campaign.Campaign;
import dev.backpop.command.ExitCode;
import dev.backpop.ledger.Ledger;
import dev.backpop.producer.driver.Session;
import dev.backpop.producer.report.CampaignReport;
import dev.backpop.producer.report.ReportFiles;
import dev.backpop.producer.report.ReportReader;
import dev.backpop.producer.text.Quantities;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code backpop report}. */
@Command(
        name = "report",
        description = {
            "Says whether one can switch, and why: the verdict, the sum, causes, columns, rules that let differences pass,"
                    + " checks, coverage and timings of a campaign.",
            "Exits 1 unless the campaign is completed and clean."
        })
final class ReportCommand extends SessionCommand {
    @Parameters(paramLabel = "ID", description = "The campaign.")
    private String id = "";

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Also write it as one page, and beside it every discrepancy: FILE's name with"
                    + " .discrepancies.ndjson and .discrepancies.csv. What is there is replaced.")
    private @Nullable Path html;

    @Mixin
    private JsonOption json = new JsonOption();

    ReportCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    int run(Session session, Output output) {
        String address = session.target().address().display();
        ReportReader reader = new ReportReader(surroundings.environment(), address);
        session.office().require(id);
        return session.ledger().snapshot(ledger -> report(ledger, reader, output));
    }

    private int report(Ledger ledger, ReportReader reader, Output output) {
        Campaign campaign = ledger.find(id).orElseThrow();
        CampaignReport report = reader.read(ledger, campaign);
        Path page = html;
        ReportFiles.Written written = page == null ? null : ReportFiles.write(ledger, report, page);
        if (json.isJson()) {
            output.json(report);
        } else {
            new ReportText(output).print(report);
        }
        if (written != null) {
            output.note("written: " + written.html() + ", and every discrepancy ("
                    + Quantities.count(written.discrepancies()) + ") in " + written.ndjson() + " and " + written.csv());
        }
        return report.verdict().clean() ? ExitCode.CLEAN : ExitCode.INCOMPLETE;
    }
}
