package dev.backpop.producer.cli;

import dev.backpop.campaign.Campaign;
import dev.backpop.command.ExitCode;
import dev.backpop.ledger.SignOff;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.producer.driver.Session;
import dev.backpop.producer.report.FaultKind;
import dev.backpop.producer.report.SignOffDesk;
import dev.backpop.producer.report.SignOffDocument;
import dev.backpop.producer.report.SignOffStanding;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code backpop sign-off}. */
@Command(
        name = "sign-off",
        description = {
            "Keeps that somebody vouches for a verification: one that is clean, or whose faults are all tolerated by name.",
            "It holds for 24 hours, and until a backfill or repair of the entity is started. With --check a pipeline asks"
                    + " whether one holds: exit code 0, or 1 with the reason."
        })
final class SignOffCommand extends SessionCommand {
    @Parameters(paramLabel = "ID", description = "The verification.")
    private String id = "";

    @Option(names = "--by", paramLabel = "NAME", description = "Who signs.")
    private @Nullable String by;

    @Option(names = "--note", paramLabel = "TEXT", description = "Why, or under which conditions; kept with it.")
    private @Nullable String note;

    @Option(
            names = "--tolerate",
            paramLabel = "KIND",
            split = ",",
            description =
                    "Faults to let pass, separated by commas: missing, mismatched, unexpected, unverifiable, busy,"
                            + " checks, partial. Needs --note.")
    private List<String> tolerate = List.of();

    @Option(names = "--check", description = "Sign nothing; say whether there is a sign-off that holds.")
    private boolean check;

    @Mixin
    private JsonOption json = new JsonOption();

    SignOffCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    int run(Session session, Output output) {
        Set<FaultKind> tolerated = new LinkedHashSet<>();
        tolerate.forEach(word -> tolerated.add(FaultKind.ofTolerable(word.strip())));
        String name = by;
        if (check) {
            if (name != null || note != null || !tolerated.isEmpty()) {
                throw new InvalidInputException("--check signs nothing: leave out --by, --note and --tolerate");
            }
            return check(session, session.office().require(id), output);
        }
        if (name == null || name.isBlank()) {
            throw new InvalidInputException("--by NAME is missing: a sign-off has the name of whoever vouches for it");
        }
        String why = note;
        if (!tolerated.isEmpty() && (why == null || why.isBlank())) {
            throw new InvalidInputException("--tolerate needs --note TEXT: say why it may be let pass");
        }
        Campaign campaign = session.office().require(id);
        SignOffDesk.Attempt attempt = new SignOffDesk(session.ledger()).sign(campaign, name.strip(), why, tolerated);
        return attempt.signOff() == null ? refuse(campaign, attempt, output) : said(session, campaign, attempt, output);
    }

    private int said(Session session, Campaign campaign, SignOffDesk.Attempt attempt, Output output) {
        for (FaultKind kind : attempt.needless()) {
            output.note("there is nothing " + kind.word() + " to tolerate");
        }
        return check(session, campaign, output);
    }

    private int refuse(Campaign campaign, SignOffDesk.Attempt attempt, Output output) {
        if (json.isJson()) {
            output.json(new SignOffDocument(campaign, null, attempt.refusals()));
        } else {
            output.line(id + " is not signed off:");
            attempt.refusals().forEach(refusal -> {
                output.line("  " + refusal.reason());
                output.line("    " + refusal.remedy());
            });
        }
        return ExitCode.INCOMPLETE;
    }

    private int check(Session session, Campaign campaign, Output output) {
        Optional<SignOffStanding> standing = SignOffStanding.of(session.ledger(), campaign);
        boolean valid = standing.map(SignOffStanding::valid).orElse(false);
        if (json.isJson()) {
            output.json(new SignOffDocument(campaign, standing.orElse(null), List.of()));
        } else if (standing.isEmpty()) {
            output.line(id + " is not signed off: nobody has; sign it with: backpop sign-off " + id + " --by NAME");
        } else {
            output.line(id + " " + words(standing.get()));
            standing.get().stale().forEach(reason -> output.line("  " + reason));
            if (!valid) {
                output.line("  verify again and sign that");
            }
        }
        return valid ? ExitCode.CLEAN : ExitCode.INCOMPLETE;
    }

    /** {@code is signed off by Ann at …}, with until when it holds and what it lets pass. */
    static String words(SignOffStanding standing) {
        SignOff signOff = standing.signOff();
        String given = signOff.note();
        return (standing.valid() ? "is signed off by " : "was signed off, which does not hold any more, by ")
                + signOff.signedBy() + " at " + signOff.signedAt()
                + (standing.valid() ? ", valid until " + standing.validUntil() : "")
                + (signOff.tolerated().isEmpty() ? "" : ", tolerating " + String.join(", ", signOff.tolerated()))
                + (given == null ? "" : "; " + given);
    }
}
