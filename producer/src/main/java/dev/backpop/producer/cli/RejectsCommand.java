package dev.backpop.producer.cli;

import dev.backpop.campaign.Reject;
import dev.backpop.command.ExitCode;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.RejectGroup;
import dev.backpop.ledger.RejectState;
import dev.backpop.ledger.StoredReject;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.producer.driver.Session;
import dev.backpop.producer.text.Quantities;
import dev.backpop.producer.text.StoredJson;
import dev.backpop.producer.text.Text;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** The command {@code backpop rejects}. */
@Command(
        name = "rejects",
        description = {
            "Shows the rows that a campaign could not write, rejected or deferred: their causes with counts, then the rows.",
            "Once the causes are put right, 'backpop retry ID' tries them again."
        })
final class RejectsCommand extends SessionCommand {
    static final List<String> GROUP_HEADERS =
            List.of("state", "stage", "sqlstate", "constraint or column", "rows", "example key", "example message");
    private static final List<String> ROW_HEADERS =
            List.of("key", "state", "stage", "sqlstate", "constraint or column", "message");
    private static final int LONGEST_KEY = 100;
    private static final int LONGEST_MESSAGE = 160;

    @Parameters(paramLabel = "ID", description = "The campaign.")
    private String id = "";

    @Mixin
    private RowLimit limit = new RowLimit();

    @Option(names = "--summary", description = "Only the causes.")
    private boolean summary;

    @Option(names = "--keys", description = "Only the keys, one a line, as --ids reads them.")
    private boolean keys;

    @Mixin
    private JsonOption json = new JsonOption();

    RejectsCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    int run(Session session, Output output) {
        if (keys && (summary || json.isJson())) {
            throw new InvalidInputException(
                    "--keys prints plain keys and nothing else: leave out --summary and --json");
        }
        int most = limit.rows(keys || json.isJson());
        session.office().require(id);
        Ledger ledger = session.ledger();
        if (keys) {
            return printKeys(ledger, most, output);
        }
        if (json.isJson()) {
            if (summary) {
                ledger.rejectGroups(id).forEach(group -> output.json(Group.of(group)));
            } else {
                ledger.rejects(id, most, reject -> output.json(Row.of(reject)));
            }
            return ExitCode.CLEAN;
        }
        print(ledger, most, output);
        return ExitCode.CLEAN;
    }

    private void print(Ledger ledger, int most, Output output) {
        List<RejectGroup> groups = ledger.rejectGroups(id);
        if (groups.isEmpty()) {
            output.note("Campaign " + id + " has no rejects.");
            return;
        }
        output.table(GROUP_HEADERS, groups.stream().map(RejectsCommand::cells).toList());
        long all = groups.stream().mapToLong(RejectGroup::count).sum();
        if (!summary) {
            output.line("");
            try (TablePages pages = new TablePages(output, ROW_HEADERS)) {
                ledger.rejects(id, most, reject -> pages.add(cells(reject)));
                if (pages.rows() < all) {
                    pages.print();
                    output.note("These are " + Quantities.count(pages.rows()) + " of " + Quantities.count(all)
                            + ": the others with --all, whole messages and source documents with --json.");
                }
            }
        }
        output.note("Put the causes right, then: backpop retry " + id);
    }

    private int printKeys(Ledger ledger, int most, Output output) {
        PrintWriter out = spec.commandLine().getOut();
        boolean raw = !surroundings.terminal().interactive();
        AtomicLong unsayable = new AtomicLong();
        ledger.rejects(
                id,
                most,
                reject -> StoredJson.keyOnALine(reject.reject().key())
                        // What reads a pipe must get the key itself; a terminal must not be made to obey it.
                        .ifPresentOrElse(
                                key -> out.println(raw ? key : Text.printable(key)), unsayable::incrementAndGet));
        out.flush();
        if (unsayable.get() > 0) {
            output.note(CampaignWords.counted(unsayable.get(), "key")
                    + " left out, being blank or holding line breaks, which --ids cannot read; backpop rejects " + id
                    + " --json shows them");
            return ExitCode.INCOMPLETE;
        }
        return ExitCode.CLEAN;
    }

    static List<@Nullable Object> cells(RejectGroup group) {
        return Arrays.asList(
                group.state().word(),
                group.stage().word(),
                group.sqlState(),
                at(group.constraint(), group.column()),
                group.count(),
                shown(StoredJson.key(group.exampleKey()), LONGEST_KEY),
                shown(group.exampleMessage(), LONGEST_MESSAGE));
    }

    private static List<@Nullable Object> cells(StoredReject stored) {
        Reject reject = stored.reject();
        return Arrays.asList(
                shown(StoredJson.key(reject.key()), LONGEST_KEY),
                stored.state().word(),
                reject.stage().word(),
                reject.sqlState(),
                at(reject.constraint(), reject.column()),
                shown(reject.message(), LONGEST_MESSAGE));
    }

    private static @Nullable String at(@Nullable String constraint, @Nullable String column) {
        return constraint == null ? column : constraint;
    }

    private static String shown(String text, int columns) {
        return Text.cutMiddle(Text.printable(text), columns);
    }

    /** Rejects of one cause, as programs get them. */
    record Group(
            RejectState state,
            Reject.Stage stage,
            @Nullable String sqlstate,
            @Nullable String constraint,
            @Nullable String column,
            long count,
            @Nullable JsonNode exampleKey,
            String exampleMessage) {
        static Group of(RejectGroup group) {
            return new Group(
                    group.state(),
                    group.stage(),
                    group.sqlState(),
                    group.constraint(),
                    group.column(),
                    group.count(),
                    StoredJson.node(group.exampleKey()),
                    group.exampleMessage());
        }
    }

    private record Row(
            @Nullable JsonNode key,
            RejectState state,
            Reject.Stage stage,
            @Nullable String sqlstate,
            @Nullable String constraint,
            @Nullable String column,
            String message,
            @Nullable String parentTable,
            @Nullable JsonNode parentKey,
            int chunk,
            Instant createdAt,
            @Nullable JsonNode source) {
        static Row of(StoredReject stored) {
            Reject reject = stored.reject();
            Reject.Parent parent = reject.parent();
            return new Row(
                    StoredJson.node(reject.key()),
                    stored.state(),
                    reject.stage(),
                    reject.sqlState(),
                    reject.constraint(),
                    reject.column(),
                    reject.message(),
                    parent == null ? null : parent.table(),
                    parent == null ? null : StoredJson.node(parent.key()),
                    stored.chunkNo(),
                    stored.createdAt(),
                    StoredJson.node(reject.source()));
        }
    }
}
