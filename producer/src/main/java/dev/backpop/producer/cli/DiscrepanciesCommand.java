package dev.backpop.producer.cli;

import dev.backpop.campaign.Discrepancy;
import dev.backpop.command.ExitCode;
import dev.backpop.ledger.DiscrepancyGroup;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.StoredDiscrepancy;
import dev.backpop.producer.driver.Session;
import dev.backpop.producer.report.DiscrepancyLine;
import dev.backpop.producer.text.Quantities;
import dev.backpop.producer.text.StoredJson;
import dev.backpop.producer.text.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** The command {@code backpop discrepancies}. */
@Command(
        name = "discrepancies",
        description =
                "Shows what a verification found: causes with counts, then each key with both values of what differs.")
final class DiscrepanciesCommand extends SessionCommand {
    static final List<String> GROUP_HEADERS = List.of("kind", "columns", "cause", "keys", "example key");
    private static final List<String> ROW_HEADERS =
            List.of("key", "kind", "state", "column", "legacy value", "target value", "cause");
    private static final int LONGEST = 60;

    @Parameters(paramLabel = "ID", description = "The campaign.")
    private String id = "";

    @Mixin
    private RowLimit limit = new RowLimit();

    @Option(names = "--summary", description = "Only the causes.")
    private boolean summary;

    @Mixin
    private JsonOption json = new JsonOption();

    DiscrepanciesCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    int run(Session session, Output output) {
        int most = limit.rows(json.isJson());
        session.office().require(id);
        Ledger ledger = session.ledger();
        if (!json.isJson()) {
            print(ledger, most, output);
        } else if (summary) {
            ledger.discrepancyGroups(id).forEach(group -> output.json(Group.of(group)));
        } else {
            ledger.discrepancies(id, most, found -> output.json(DiscrepancyLine.of(found)));
        }
        return ExitCode.CLEAN;
    }

    private void print(Ledger ledger, int most, Output output) {
        List<DiscrepancyGroup> groups = ledger.discrepancyGroups(id);
        if (groups.isEmpty()) {
            output.note("Campaign " + id + " has no discrepancies that are not resolved.");
        } else {
            output.table(
                    GROUP_HEADERS,
                    groups.stream().map(DiscrepanciesCommand::cells).toList());
        }
        if (summary) {
            return;
        }
        AtomicLong keys = new AtomicLong();
        try (TablePages pages = new TablePages(output, ROW_HEADERS)) {
            ledger.discrepancies(id, most, found -> {
                if (keys.getAndIncrement() == 0) {
                    output.line("");
                }
                add(found, pages);
            });
        }
        if (keys.get() == most) {
            output.note("These are the first " + Quantities.count(most)
                    + " keys; all with --all, whole values with --json.");
        }
    }

    private static void add(StoredDiscrepancy found, TablePages pages) {
        Discrepancy discrepancy = found.discrepancy();
        if (discrepancy.columns().isEmpty()) {
            pages.add(row(found, null, null, null, found.discrepancy().cause()));
        }
        for (Discrepancy.Difference difference : discrepancy.columns()) {
            String cause = difference.cause();
            pages.add(row(
                    found,
                    difference.column(),
                    quoted(difference.legacy()),
                    quoted(difference.target()),
                    cause == null ? discrepancy.cause() : cause));
        }
    }

    private static List<@Nullable Object> row(
            StoredDiscrepancy found,
            @Nullable String column,
            @Nullable String legacy,
            @Nullable String target,
            @Nullable String cause) {
        return Arrays.asList(
                shown(StoredJson.key(found.discrepancy().key())),
                found.discrepancy().kind().word(),
                found.state().word(),
                column,
                legacy,
                target,
                cause == null ? null : shown(cause));
    }

    static List<@Nullable Object> cells(DiscrepancyGroup group) {
        String cause = group.cause();
        return Arrays.asList(
                group.example().kind().word(),
                group.columns().isEmpty() ? null : shown(columns(group)),
                cause == null ? null : shown(cause),
                group.count(),
                shown(StoredJson.key(group.example().key())));
    }

    /** {@code title (case), body}. */
    private static String columns(DiscrepancyGroup group) {
        List<String> columns = new ArrayList<>();
        for (Discrepancy.Difference difference : group.example().columns()) {
            String cause = difference.cause();
            columns.add(difference.column() + (cause == null ? "" : " (" + cause + ")"));
        }
        return String.join(", ", columns);
    }

    /** In quotes, since blanks at an end may be all that differs; SQL NULL as {@code NULL}. */
    static String quoted(@Nullable String value) {
        return value == null ? "NULL" : shown('"' + value + '"');
    }

    static String shown(String text) {
        return Text.cutMiddle(Text.printable(text), LONGEST);
    }

    /** Discrepancies of one cause, as programs get them. */
    record Group(
            Discrepancy.Kind kind,
            List<String> columns,
            List<String> columnCauses,
            @Nullable String cause,
            long count,
            @Nullable JsonNode exampleKey) {
        static Group of(DiscrepancyGroup group) {
            Discrepancy example = group.example();
            return new Group(
                    example.kind(),
                    group.columns(),
                    group.columnCauses(),
                    group.cause(),
                    group.count(),
                    StoredJson.node(example.key()));
        }
    }
}
