package dev.backpop.producer.driver;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.Counter;
import dev.backpop.ledger.CampaignCheck;
import dev.backpop.ledger.CampaignCheck.State;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.Totals;
import dev.backpop.legacy.LegacyOverloadedException;
import dev.backpop.plan.Guard;
import dev.backpop.row.Key;
import dev.backpop.row.KeyShape;
import dev.backpop.stores.EntityStores;
import dev.backpop.target.LiveTouches;
import dev.backpop.target.TargetReader;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Counts both sides of a verification by itself and holds the counts against the campaign's sum: rows that no chunk ever
 * looked at are in these and not in that. Remembers what it could not explain, and calls it a failure only once it has held
 * still for as long as the plan lets rows settle. For one thread and one campaign.
 */
final class CountCheck {
    private static final String NAME = "counts";

    private final Ledger ledger;
    private final TargetQuestions target;
    private final Clock clock;
    private @Nullable Figures unexplained;
    private Instant unexplainedSince = Instant.MIN;

    CountCheck(Ledger ledger, TargetQuestions target, Clock clock) {
        this.ledger = ledger;
        this.target = target;
        this.clock = clock;
    }

    /** What is wrong with counts, in words, and whether it is sure to be wrong when nothing moves. */
    private record Fault(String message, boolean certain) {}

    CampaignCheck run(Campaign campaign, EntityStores stores, Totals totals) {
        String subject = stores.entity().name();
        try {
            Figures figures = null;
            // The second look at once, because where no rows need to settle it is the last.
            for (int look = 0; look < 2; look++) {
                figures = figures(campaign, stores, totals);
                Fault fault = fault(campaign, stores, figures);
                if (fault == null) {
                    unexplained = null;
                    return check(subject, State.PASSED, figures.toString());
                }
                boolean still = figures.equals(unexplained);
                if (!still) {
                    unexplained = figures;
                    unexplainedSince = clock.instant();
                } else if (!clock.instant()
                        .isBefore(unexplainedSince.plus(
                                stores.entity().verification().settle()))) {
                    return check(
                            subject, fault.certain() ? State.FAILED : State.UNKNOWN, figures + ". " + fault.message());
                }
            }
            return check(
                    subject,
                    State.MOVING,
                    figures + ". That is not explained by what was compared, and has not held still yet: rows were"
                            + " written meanwhile");
        } catch (UntoldException e) {
            return check(
                    subject,
                    State.UNKNOWN,
                    "the sum of the campaign (" + totals.tally(campaign.kind()).explain()
                            + ") could not be held against counts of its own: " + e.reason());
        }
    }

    private Figures figures(Campaign campaign, EntityStores stores, Totals totals) throws UntoldException {
        KeyShape shape = stores.shape().key();
        Key from = key(campaign.spec().from(), shape);
        Key to = key(campaign.spec().to(), shape);
        Key upper = key(campaign.keyUpper(), shape);
        Key last = key(campaign.planCursor(), shape);
        Key end = last == null ? upper : last;
        TargetReader reader = new TargetReader(stores.entity(), stores.table(), stores.shape());
        long before = target.ask(connection -> reader.count(connection, from, to, end));
        long legacy = count(stores, from, to, upper);
        boolean beyond = upper != null && last != null && shape.compare(last, upper) > 0;
        long legacyToEnd = beyond ? count(stores, from, to, end) : legacy;
        long after = target.ask(connection -> reader.count(connection, from, to, end));
        long pending = Math.max(
                totals.counters().get(Counter.ROWS_PENDING),
                ledger.generation(campaign.id(), Integer.MAX_VALUE).pending());
        return new Figures(
                legacy,
                legacyToEnd,
                before,
                after,
                totals.keysDone() - totals.counters().get(Counter.ROWS_ABSENT),
                totals.counters().get(Counter.ROWS_MISSING),
                totals.counters().get(Counter.ROWS_EXCLUDED),
                totals.counters().get(Counter.ROWS_UNEXPECTED),
                totals.counters().get(Counter.ROWS_UNVERIFIABLE),
                pending);
    }

    private static long count(EntityStores stores, @Nullable Key from, @Nullable Key to, @Nullable Key upTo)
            throws UntoldException {
        try {
            return stores.legacy().count(from, to, upTo);
        } catch (LegacyOverloadedException e) {
            throw new UntoldException(
                    e.getMessage() + ": give it more time with legacy.jdbc.statement_timeout in the plan", e);
        } catch (IllegalStateException e) {
            throw new UntoldException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Null when everything is explained. */
    private @Nullable Fault fault(Campaign campaign, EntityStores stores, Figures figures) throws UntoldException {
        if (!figures.targetExplained()) {
            return new Fault(
                    String.format(
                            Locale.ROOT,
                            "By what was compared the target should have %s rows: rows were written or lost on one side after"
                                    + " they were compared, or nobody looked at them. Verify again, and if it stays so compare the"
                                    + " keys of both sides by SQL",
                            figures.targetShouldHave()),
                    true);
        }
        long drift = figures.drift();
        if (drift == 0) {
            return null;
        }
        OptionalLong touched = touched(campaign, stores);
        if (touched.isPresent() && touched.getAsLong() >= Math.abs(drift)) {
            return null;
        }
        boolean noOthers = touched.isPresent() || stores.entity().guard() instanceof Guard.Overwrite;
        String most = drift > 0 ? "more than" : "fewer than";
        return new Fault(
                String.format(
                        Locale.ROOT,
                        "The legacy store has %,d rows %s were enumerated, %s: verify again%s",
                        Math.abs(drift),
                        most,
                        noOthers
                                ? "and no live writes explain it, so that keys were left out or counted twice"
                                : "which live writes may explain, of which no record is kept, or keys that were left out",
                        noOthers ? "" : ", at a time when nobody writes"),
                noOthers);
    }

    private OptionalLong touched(Campaign campaign, EntityStores stores) throws UntoldException {
        LiveTouches touches = LiveTouches.of(campaign.plan(), stores.entity(), stores.table());
        return target.ask(connection -> touches.touchedSince(connection, campaign.createdAt()));
    }

    private static @Nullable Key key(@Nullable String json, KeyShape shape) {
        return json == null ? null : shape.fromJson(json);
    }

    private CampaignCheck check(String subject, State state, String message) {
        return new CampaignCheck(NAME, subject, state, message, clock.instant());
    }

    /**
     * One look at both sides, beside the sum.
     *
     * @param legacy rows up to the bound that was frozen when the campaign began
     * @param legacyToEnd rows up to the last key that was planned, which may be one of the target's
     * @param targetBefore rows up to there, counted before the legacy store's
     * @param targetAfter the same, counted after it
     * @param enumerated keys that the legacy store had, by the sum
     */
    private record Figures(
            long legacy,
            long legacyToEnd,
            long targetBefore,
            long targetAfter,
            long enumerated,
            long missing,
            long excluded,
            long unexpected,
            long unverifiable,
            long pending) {
        /** How many rows the legacy store has beyond those that were enumerated; below zero when it has fewer. */
        long drift() {
            return enumerated < legacy ? legacy - enumerated : Math.min(0, legacyToEnd - enumerated);
        }

        /** What rows of unknown end may add or take away. */
        private long slack() {
            return unverifiable + pending;
        }

        private long least() {
            return Math.max(legacy, Math.min(enumerated, legacyToEnd)) - missing - excluded + unexpected - slack();
        }

        private long most() {
            return legacyToEnd - missing - excluded + unexpected + slack();
        }

        boolean targetExplained() {
            return Math.max(targetBefore, targetAfter) >= least() && Math.min(targetBefore, targetAfter) <= most();
        }

        String targetShouldHave() {
            return least() == most()
                    ? String.format(Locale.ROOT, "%,d", most())
                    : String.format(Locale.ROOT, "%,d to %,d", least(), most());
        }

        @Override
        public String toString() {
            List<String> sum = new ArrayList<>();
            add(sum, enumerated, "keys enumerated");
            add(sum, missing, "missing");
            add(sum, unexpected, "unexpected");
            for (var more : List.of(
                    new Term(excluded, "excluded"),
                    new Term(unverifiable, "unverifiable"),
                    new Term(pending, "pending"))) {
                if (more.rows() > 0) {
                    add(sum, more.rows(), more.word());
                }
            }
            return String.format(
                    Locale.ROOT,
                    "legacy %,d rows, target %s; compared: %s",
                    legacyToEnd,
                    targetBefore == targetAfter
                            ? String.format(Locale.ROOT, "%,d", targetAfter)
                            : String.format(Locale.ROOT, "%,d and then %,d", targetBefore, targetAfter),
                    String.join(", ", sum));
        }

        private record Term(long rows, String word) {}

        private static void add(List<String> sum, long rows, String word) {
            sum.add(String.format(Locale.ROOT, "%,d %s", rows, word));
        }
    }
}
