package dev.backpop.producer.report;

import dev.backpop.plan.Spelling;
import dev.backpop.problem.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What may keep a campaign from being clean, or from proving the whole. */
public enum FaultKind {
    MISSING(true, "see them: backpop discrepancies %s; mend them: backpop repair %s --apply; then verify again"),
    MISMATCHED(true, "see them: backpop discrepancies %s; mend them: backpop repair %s --apply; then verify again"),
    UNEXPECTED(
            true,
            "see them: backpop discrepancies %s; delete them: backpop repair %s --apply --delete-unexpected; then verify again"),
    /** Rows whose legacy side cannot be read as the plan says. */
    UNVERIFIABLE(true, "put right the rows that the plan cannot read, or the plan, then verify again"),
    /** Rows that changed at every look. */
    BUSY(true, "verify again when there is less writing, or verify just these keys: --ids"),
    /** Counts, foreign keys and sequences that failed, or could not be told. */
    CHECKS(true, "see what each says: backpop report %s; put it right, then verify again"),
    /** Keys were left out: a range, a list or a sample was verified. */
    PARTIAL(true, "verify without --from, --to, --ids and a sample"),
    /** The keys are not all accounted for. */
    SUM(false, "a sum that does not add up is a failed campaign: verify again, and report it as a bug in Backpop"),
    FAILED_CHUNKS(false, "put right what they ended with, then: backpop retry %s"),
    REJECTED(false, "see them: backpop rejects %s; once their causes are put right: backpop retry %s"),
    DEFERRED(false, "move the rows that they refer to, then: backpop retry %s");

    private final boolean tolerable;
    private final String remedy;

    FaultKind(boolean tolerable, String remedy) {
        this.tolerable = tolerable;
        this.remedy = remedy;
    }

    /** Whether a sign-off may let it pass. */
    public boolean tolerable() {
        return tolerable;
    }

    /** As {@code --tolerate} and the ledger write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What to do about it in a campaign. */
    public String remedy(String id) {
        return remedy.replace("%s", id);
    }

    /** The words of those that a sign-off may let pass. */
    public static List<String> tolerableWords() {
        return Arrays.stream(values())
                .filter(FaultKind::tolerable)
                .map(FaultKind::word)
                .toList();
    }

    /** @throws InvalidInputException for any other word than those of {@link #tolerableWords} */
    public static FaultKind ofTolerable(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.tolerable && kind.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new InvalidInputException("--tolerate: there is no kind '" + word + "'"
                        + Spelling.nearest(word, tolerableWords())
                                .map(meant -> "; did you mean '" + meant + "'?")
                                .orElse("")
                        + " There are: " + tolerableWords().stream().collect(Collectors.joining(", "))));
    }
}
