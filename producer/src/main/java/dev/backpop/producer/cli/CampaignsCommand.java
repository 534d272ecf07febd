package dev.backpop.producer.cli;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.ChunkState;
import dev.backpop.command.ExitCode;
import dev.backpop.ledger.Ledger;
import dev.backpop.producer.driver.Session;
import dev.backpop.producer.report.SignOffDocument;
import dev.backpop.producer.report.SignOffStanding;
import dev.backpop.producer.text.Quantities;
import dev.backpop.producer.text.Text;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code backpop campaigns}. */
@Command(name = "campaigns", description = "Lists the active campaigns, newest first; with --all the ended ones too.")
final class CampaignsCommand extends SessionCommand {
    private static final List<String> HEADERS = List.of(
            "campaign",
            "plan",
            "entity",
            "kind",
            "state",
            "chunks",
            "rows",
            "rejects",
            "discrepancies",
            "sign-off",
            "age");
    private static final int LONGEST_STATE = 60;
    private static final int LONGEST_NAME = 30;

    @Option(names = "--all", description = "List ended campaigns too.")
    private boolean all;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many; 20 by default.")
    private int limit = 20;

    @Mixin
    private JsonOption json = new JsonOption();

    CampaignsCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    int run(Session session, Output output) {
        Ledger ledger = session.ledger();
        List<Campaign> campaigns = ledger.list(!all, RowLimit.check(limit));
        if (json.isJson()) {
            campaigns.forEach(campaign -> output.json(Line.of(ledger, campaign)));
            return ExitCode.CLEAN;
        }
        List<List<@Nullable Object>> rows = new ArrayList<>();
        campaigns.forEach(campaign -> rows.add(cells(Line.of(ledger, campaign), campaign)));
        if (!rows.isEmpty()) {
            output.table(HEADERS, rows);
        } else {
            output.note(all ? "There is no campaign yet." : "No campaign is active.");
        }
        if (rows.size() == limit) {
            output.note("Only the newest " + limit + " are listed; more with --limit N.");
        }
        if (!all) {
            output.note("Ended campaigns: backpop campaigns --all");
        }
        return ExitCode.CLEAN;
    }

    private List<@Nullable Object> cells(Line line, Campaign campaign) {
        boolean verify = line.kind == CampaignKind.VERIFY;
        return Arrays.asList(
                line.id,
                line.plan,
                line.entity,
                line.kind.word(),
                Text.cut(Text.printable(CampaignWords.state(campaign)), LONGEST_STATE),
                Quantities.count(line.chunksDone) + "/" + Quantities.count(line.chunksPlanned),
                line.rows,
                verify ? null : line.rejects,
                verify ? line.discrepancies : null,
                signOff(line.signOff),
                CampaignWords.age(line.createdAt, surroundings.clock()));
    }

    private static @Nullable String signOff(@Nullable SignOffDocument signOff) {
        if (signOff == null) {
            return null;
        }
        return (signOff.valid() ? "by " : "stale, by ")
                + Text.cut(Text.printable(String.valueOf(signOff.signedBy())), LONGEST_NAME);
    }

    /**
     * A campaign as programs get it.
     *
     * @param chunksPlanned chunks that there are so far, done or not
     * @param rows keys whose end is known
     * @param signOff null when nobody has signed it
     */
    private record Line(
            String id,
            String plan,
            String entity,
            CampaignKind kind,
            CampaignState state,
            @Nullable String reason,
            @Nullable String holdReason,
            boolean planDone,
            long chunksDone,
            long chunksFailed,
            long chunksPlanned,
            long keys,
            long rows,
            long rejects,
            long discrepancies,
            boolean clean,
            @Nullable SignOffDocument signOff,
            Instant createdAt,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt) {
        static Line of(Ledger ledger, Campaign campaign) {
            CampaignOutcome outcome = CampaignOutcome.of(ledger, campaign);
            return new Line(
                    campaign.id(),
                    campaign.plan(),
                    campaign.entity(),
                    campaign.kind(),
                    campaign.state(),
                    campaign.reason(),
                    campaign.holdReason(),
                    campaign.planDone(),
                    outcome.totals().chunks(ChunkState.DONE),
                    outcome.failedChunks(),
                    outcome.totals().chunks(),
                    outcome.totals().keys(),
                    outcome.tally().accountedFor(),
                    outcome.rejects(),
                    outcome.discrepancies(),
                    outcome.clean(),
                    SignOffStanding.of(ledger, campaign)
                            .map(standing -> new SignOffDocument(campaign, standing, List.of()))
                            .orElse(null),
                    campaign.createdAt(),
                    campaign.startedAt(),
                    campaign.finishedAt());
        }
    }
}
